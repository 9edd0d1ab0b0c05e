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
 * The resource customers.
 */
final class Customers
{
    /**
     * @internal
     */
    public function __construct(private readonly Caller $caller)
    {
    }

    /**
     * Creates a customer. With a user ID (id) the call is idempotent: if a customer with that user ID exists, it is
     * answered unchanged. E-mail addresses need not be unique.
     *
     * @param string $email Up to 200 characters.
     * @param string|NotGiven|null $id Your own ID of the customer, unique in the environment.
     * @param string|NotGiven|null $externalId The same as id.
     * @param string|NotGiven|null $fullName Up to 200 characters.
     * @param string|NotGiven|null $taxDocument Up to 100 characters.
     * @param array<string, mixed>|Models\Address|NotGiven|null $address A postal address. Replaced whole, never merged.
     *     Keys: line1, line2?, city, state?, postalCode, country, region?.
     * @param string|NotGiven|null $timezone IANA time zone, for display; billing runs in UTC.
     * @param array<int|string, mixed>|NotGiven|null $metadata Your own keys and values: at most 16 KB as JSON and 200
     *     keys of up to 200 characters, nested ones included. Kept as sent; never changes billing.
     * @param string|null $idempotencyKey Sent as the header; without one, a call that may be retried makes its own.
     *
     * @return ApiResponse<Models\Customer>
     */
    public function create(
        string $email,
        string|NotGiven|null $id = NotGiven::Value,
        string|NotGiven|null $externalId = NotGiven::Value,
        string|NotGiven|null $fullName = NotGiven::Value,
        string|NotGiven|null $taxDocument = NotGiven::Value,
        array|Models\Address|NotGiven|null $address = NotGiven::Value,
        string|NotGiven|null $timezone = NotGiven::Value,
        array|NotGiven|null $metadata = NotGiven::Value,
        ?string $idempotencyKey = null,
    ): ApiResponse {
        return $this->caller->request(
            Models\Customer::class,
            'POST',
            '/customers',
            body: Params::body(
                [
                    'email' => $email,
                    'id' => $id,
                    'externalId' => $externalId,
                    'fullName' => $fullName,
                    'taxDocument' => $taxDocument,
                    'address' => $address,
                    'timezone' => $timezone,
                    'metadata' => $metadata,
                ],
                Shapes::CREATE_CUSTOMER,
            ),
            idempotencyKey: $idempotencyKey,
        );
    }

    /**
     * Answers one customer, found by its cus_ ID or by your own user ID.
     *
     * @param string|NotGiven $customerId The customer: its cus_ ID, or your own user ID.
     * @param string|NotGiven $id The same as customerId; give one of them.
     *
     * @return ApiResponse<Models\Customer>
     *
     * @throws ApiException customer_not_found (404)
     */
    public function get(
        string|NotGiven $customerId = NotGiven::Value,
        string|NotGiven $id = NotGiven::Value,
    ): ApiResponse {
        return $this->caller->request(
            Models\Customer::class,
            'GET',
            '/customers/' . Params::segment(Params::oneOf(['customerId' => $customerId, 'id' => $id])),
        );
    }

    /**
     * Changes the fields that are sent and leaves the others. Address and metadata are replaced whole. null clears
     * fullName, taxDocument, address and externalId, and empties metadata.
     *
     * @param string|NotGiven $customerId The customer: its cus_ ID, or your own user ID.
     * @param string|NotGiven|null $email Up to 200 characters.
     * @param string|NotGiven|null $externalId The new user ID; null removes it.
     * @param string|NotGiven|null $fullName Up to 200 characters.
     * @param string|NotGiven|null $taxDocument Up to 100 characters.
     * @param array<string, mixed>|Models\Address|NotGiven|null $address A postal address. Replaced whole, never merged.
     *     Keys: line1, line2?, city, state?, postalCode, country, region?.
     * @param string|NotGiven|null $timezone IANA time zone, for display; billing runs in UTC.
     * @param array<int|string, mixed>|NotGiven|null $metadata Your own keys and values: at most 16 KB as JSON and 200
     *     keys of up to 200 characters, nested ones included. Kept as sent; never changes billing.
     * @param string|NotGiven $id The same as customerId; give one of them.
     * @param string|null $idempotencyKey Sent as the header; without one, a call that may be retried makes its own.
     *
     * @return ApiResponse<Models\Customer>
     *
     * @throws ApiException customer_not_found (404), duplicate (409)
     */
    public function update(
        string|NotGiven $customerId = NotGiven::Value,
        string|NotGiven|null $email = NotGiven::Value,
        string|NotGiven|null $externalId = NotGiven::Value,
        string|NotGiven|null $fullName = NotGiven::Value,
        string|NotGiven|null $taxDocument = NotGiven::Value,
        array|Models\Address|NotGiven|null $address = NotGiven::Value,
        string|NotGiven|null $timezone = NotGiven::Value,
        array|NotGiven|null $metadata = NotGiven::Value,
        string|NotGiven $id = NotGiven::Value,
        ?string $idempotencyKey = null,
    ): ApiResponse {
        return $this->caller->request(
            Models\Customer::class,
            'PUT',
            '/customers/' . Params::segment(Params::oneOf(['customerId' => $customerId, 'id' => $id])),
            body: Params::body(
                [
                    'email' => $email,
                    'externalId' => $externalId,
                    'fullName' => $fullName,
                    'taxDocument' => $taxDocument,
                    'address' => $address,
                    'timezone' => $timezone,
                    'metadata' => $metadata,
                ],
                Shapes::UPDATE_CUSTOMER,
            ),
            idempotencyKey: $idempotencyKey,
        );
    }

    /**
     * A page of customers, newest first. Pass nextCursor to get the next page with the same filters; rows that exist
     * throughout are seen exactly once, whatever is inserted or deleted meanwhile.
     *
     * @param int|null $limit Rows per page, 1 to 100. The server takes 25 where nothing is given.
     * @param string|null $cursor nextCursor of the page before. Opaque: pass it as it came.
     * @param string|null $externalId Exactly this user ID.
     * @param string|null $email Exactly this e-mail address, in any case.
     * @param string|null $search Part of name, e-mail, user ID or cus_ ID, in any case: anywhere from three characters
     *     on, the start of a word below.
     * @param \DateTimeInterface|string|null $createdAfter Created later than this instant.
     * @param \DateTimeInterface|string|null $createdBefore Created earlier than this instant.
     * @param array<int|string, string|int|float|bool>|null $metadata metadata[key]=value, several allowed: all must
     *     match. Numbers and booleans match their text.
     * @param 'asc'|'desc'|null $order By creation: desc is newest first. The server takes desc where nothing is given.
     *
     * @return Page<Models\Customer>
     */
    public function list(
        ?int $limit = null,
        ?string $cursor = null,
        ?string $externalId = null,
        ?string $email = null,
        ?string $search = null,
        \DateTimeInterface|string|null $createdAfter = null,
        \DateTimeInterface|string|null $createdBefore = null,
        ?array $metadata = null,
        ?string $order = null,
    ): Page {
        return $this->caller->requestList(
            Models\Customer::class,
            '/customers',
            query: [
                'limit' => $limit,
                'cursor' => $cursor,
                'externalId' => $externalId,
                'email' => $email,
                'search' => $search,
                'createdAfter' => $createdAfter,
                'createdBefore' => $createdBefore,
                'metadata' => $metadata,
                'order' => $order,
            ],
        );
    }

    /**
     * Creates 1 to 100 customers in one request. Items that break a rule are reported in failed with their index and do
     * not stop the others. An item whose user ID exists resolves to the existing customer.
     *
     * @param list<array<string, mixed>> $customers Each item follows the rules of a single create and fails or succeeds
     *     on its own. Keys of an item: email, id?, externalId?, fullName?, taxDocument?, address?, timezone?,
     *     metadata?.
     * @param string|null $idempotencyKey Sent as the header; without one, a call that may be retried makes its own.
     *
     * @return ApiResponse<Models\CustomerBatch>
     */
    public function createBatch(array $customers, ?string $idempotencyKey = null): ApiResponse
    {
        return $this->caller->request(
            Models\CustomerBatch::class,
            'POST',
            '/customers/batch',
            body: Params::body(
                [
                    'customers' => $customers,
                ],
                Shapes::CREATE_CUSTOMER_BATCH,
            ),
            idempotencyKey: $idempotencyKey,
        );
    }

    /**
     * Deletes the customer at once. Its user ID is free again; what happened stays in the history.
     *
     * @param string|NotGiven $customerId The customer: its cus_ ID, or your own user ID.
     * @param string|NotGiven $id The same as customerId; give one of them.
     * @param string|null $idempotencyKey Sent as the header; without one, a call that may be retried makes its own.
     *
     * @return ApiResponse<Models\DeletedCustomer>
     *
     * @throws ApiException customer_not_found (404)
     */
    public function delete(
        string|NotGiven $customerId = NotGiven::Value,
        string|NotGiven $id = NotGiven::Value,
        ?string $idempotencyKey = null,
    ): ApiResponse {
        return $this->caller->request(
            Models\DeletedCustomer::class,
            'DELETE',
            '/customers/' . Params::segment(Params::oneOf(['customerId' => $customerId, 'id' => $id])),
            idempotencyKey: $idempotencyKey,
        );
    }
}
