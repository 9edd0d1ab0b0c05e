<?php

// Written by npm run gen from packages/contract. Do not edit.

declare(strict_types=1);

namespace Commet\Resources;

use Commet\ApiResponse;
use Commet\Core\Caller;
use Commet\Core\Params;
use Commet\Core\Shapes;
use Commet\Exceptions\ApiException;
use Commet\Models;
use Commet\NotGiven;
use Commet\Page;

/**
 * The resource apiKeys.
 */
final class ApiKeys
{
    /**
     * @internal
     */
    public function __construct(private readonly Caller $caller)
    {
    }

    /**
     * Keys of this environment that are not revoked, newest first. Secrets are never listed.
     *
     * @param int|null $limit Rows per page, 1 to 100. The server takes 25 where nothing is given.
     * @param string|null $cursor nextCursor of the page before. Opaque: pass it as it came.
     *
     * @return Page<Models\ApiKey>
     */
    public function list(?int $limit = null, ?string $cursor = null): Page
    {
        return $this->caller->requestList(
            Models\ApiKey::class,
            '/api-keys',
            query: [
                'limit' => $limit,
                'cursor' => $cursor,
            ],
        );
    }

    /**
     * Creates a key for the environment of the key that asks. The secret is in this answer only.
     *
     * @param string $name What the key is for.
     * @param int|NotGiven|null $expiresInDays Days until the key stops working. The server takes 365 where nothing is
     *     given.
     * @param string|null $idempotencyKey Sent as the header; without one, a call that may be retried makes its own.
     *
     * @return ApiResponse<Models\CreatedApiKey>
     */
    public function create(
        string $name,
        int|NotGiven|null $expiresInDays = NotGiven::Value,
        ?string $idempotencyKey = null,
    ): ApiResponse {
        return $this->caller->request(
            Models\CreatedApiKey::class,
            'POST',
            '/api-keys',
            body: Params::body(
                [
                    'name' => $name,
                    'expiresInDays' => $expiresInDays,
                ],
                Shapes::CREATE_API_KEY,
            ),
            idempotencyKey: $idempotencyKey,
        );
    }

    /**
     * Revokes the key at once and for good.
     *
     * @param string|NotGiven $apiKeyId Up to 100 characters.
     * @param string|NotGiven $id The same as apiKeyId; give one of them.
     * @param string|null $idempotencyKey Sent as the header; without one, a call that may be retried makes its own.
     *
     * @return ApiResponse<Models\DeletedApiKey>
     *
     * @throws ApiException api_key_not_found (404)
     */
    public function delete(
        string|NotGiven $apiKeyId = NotGiven::Value,
        string|NotGiven $id = NotGiven::Value,
        ?string $idempotencyKey = null,
    ): ApiResponse {
        return $this->caller->request(
            Models\DeletedApiKey::class,
            'DELETE',
            '/api-keys/' . Params::segment(Params::oneOf(['apiKeyId' => $apiKeyId, 'id' => $id])),
            idempotencyKey: $idempotencyKey,
        );
    }
}
