<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\ApiResponse;
use Commet\Model;
use Commet\Page;

/**
 * Owns the two calls every resource method is made of: one thing, and a list.
 *
 * Does not know any resource.
 * Always: results are of the class they are asked to be; a list call sends one request, further ones only as
 * iteration needs them.
 *
 * @internal
 */
final class Caller
{
    public function __construct(private readonly Transport $transport)
    {
    }

    /**
     * @template T of Model
     *
     * @param class-string<T>|null $model without one, the data is the JSON as sent
     * @param array<string, mixed> $query
     *
     * @return ApiResponse<T>
     */
    public function request(
        ?string $model,
        string $method,
        string $path,
        array $query = [],
        mixed $body = null,
        ?string $idempotencyKey = null,
    ): ApiResponse {
        $answer = $this->transport->send($method, $path, $query, $body, $idempotencyKey);
        // The contract says what an operation answers; this is where its word is taken.
        $data = $model === null ? $answer->data() : Model::read($model, $answer->data());
        return new ApiResponse($data, $answer->statusCode, $answer->requestId);
    }

    /**
     * @template T of Model
     *
     * @param class-string<T> $model
     * @param array<string, mixed> $query
     *
     * @return Page<T>
     */
    public function requestList(string $model, string $path, array $query = []): Page
    {
        return $this->page($model, $path, $query, $query['cursor'] ?? null);
    }

    /**
     * @template T of Model
     *
     * @param class-string<T> $model
     * @param array<string, mixed> $query
     *
     * @return Page<T>
     */
    private function page(string $model, string $path, array $query, ?string $cursor): Page
    {
        $answer = $this->transport->send('GET', $path, [...$query, 'cursor' => $cursor], null, null);
        [$rows, $hasMore, $nextCursor] = $answer->page();
        return new Page(
            array_map(static fn (mixed $row): mixed => Model::read($model, $row), $rows),
            $hasMore,
            $nextCursor,
            $answer->statusCode,
            $answer->requestId,
            $cursor,
            fn (string $next): Page => $this->page($model, $path, $query, $next),
        );
    }
}
