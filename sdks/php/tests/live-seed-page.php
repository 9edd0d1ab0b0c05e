<?php

/*
 * Makes the calls of the "Manage customers" page, in its order, against a started server, and compares what comes back.
 *
 * Does not clean up after itself: run it against a sandbox. User IDs carry a suffix of their own, so it can run again.
 * Always: ends with 1 when anything differs.
 *
 *     COMMET_BASE_URL=http://localhost:3000 COMMET_API_KEY=ck_sandbox_… php tests/live-seed-page.php
 */

declare(strict_types=1);

namespace Commet\Tests;

use Commet\Commet;
use Commet\Exceptions\ApiException;
use Commet\Exceptions\ValidationException;
use Commet\JsonObject;
use Commet\Models\Customer;

require __DIR__ . '/../autoload.php';

final class LiveSeedPage
{
    private int $passed = 0;
    private int $failed = 0;

    public function __construct(private readonly Commet $commet, private readonly string $run)
    {
    }

    public function walk(): int
    {
        $this->create();
        $this->createBatch();
        $this->get();
        $this->update();
        $this->list();
        $this->keepsAndClears();
        $this->finds();
        $this->refuses();
        $this->deletes();
        $this->keys();
        echo "seed page, PHP: {$this->passed} passed, {$this->failed} failed\n";
        return $this->failed === 0 ? 0 : 1;
    }

    private function create(): void
    {
        $commet = $this->commet;
        $result = $commet->customers->create(
            email: 'ledger@north.example',
            id: "user_{$this->run}",
        );
        $this->equal('create: the ID is one of ours', str_starts_with($result->data['id'], 'cus_'), true);
        $this->equal('create: keys and properties agree', $result->data->id, $result->data['id']);
        $this->equal('create: status', $result->statusCode, 201);
        $this->equal('create: user ID', $result->data->externalId, "user_{$this->run}");
        $this->equal('create: e-mail', $result->data->email, 'ledger@north.example');
        $this->equal('create: request ID', $result->requestId !== null, true);

        $again = $commet->customers->create(email: 'someone@else.example', id: "user_{$this->run}");
        $this->equal('create again: status', $again->statusCode, 200);
        $this->equal('create again: the stored customer', $again->data->toArray(), $result->data->toArray());
    }

    private function createBatch(): void
    {
        $result = $this->commet->customers->createBatch([
            ['email' => 'ann@north.example', 'id' => "user_{$this->run}_1"],
            ['email' => 'ben@north.example', 'id' => "user_{$this->run}_2"],
            ['email' => 'cleo@north.example', 'id' => "user_{$this->run}_3"],
        ]);
        $this->equal('batch: successful', self::userIds($result->data->successful), $this->batchIds());
        $this->equal('batch: failed', $result->data['failed'], []);

        $partly = $this->commet->customers->createBatch([
            ['email' => 'dora@north.example'],
            ['email' => 'not an address'],
        ]);
        $this->equal('batch with a bad item: successful', count($partly->data->successful), 1);
        $this->equal('batch with a bad item: index', $partly->data->failed[0]->index, 1);
        $this->equal('batch with a bad item: data', $partly->data->failed[0]->data, ['email' => 'not an address']);
    }

    private function get(): void
    {
        $byUserId = $this->commet->customers->get("user_{$this->run}");
        $result = $this->commet->customers->get($byUserId->data->id);
        $this->equal('get: both IDs find the same', $result->data->toArray(), $byUserId->data->toArray());
        $byName = $this->commet->customers->get(id: "user_{$this->run}");
        $this->equal('get: by id', $byName->data->toArray(), $result->data->toArray());
    }

    private function update(): void
    {
        $result = $this->commet->customers->update(
            customerId: $this->commet->customers->get("user_{$this->run}")->data['id'],
            email: 'invoices@north.example',
            address: [
                'line1' => '9 Quay Street',
                'city' => 'Portland',
                'postalCode' => '97201',
                'country' => 'US',
            ],
        );
        $this->equal('update: e-mail', $result->data->email, 'invoices@north.example');
        $this->equal('update: postal code', $result->data['address']['postalCode'], '97201');
        $this->equal('update: the rest stays', $result->data->externalId, "user_{$this->run}");
    }

    private function list(): void
    {
        $result = $this->commet->customers->list(limit: 25);
        $this->equal('list: holds rows', $result->data !== [] && count($result->data) <= 25, true);

        $first = $this->commet->customers->list(limit: 2);
        $nextCursor = $first->nextCursor;
        $nextPage = $this->commet->customers->list(
            limit: 2,
            cursor: $nextCursor,
        );
        $this->equal('list of 2: more', $first->hasMore, true);
        $id = static fn (Customer $customer): string => $customer->id;
        $ids = array_map($id, [...$first->data, ...$nextPage->data]);
        $expected = array_map($id, array_slice($result->data, 0, count($ids)));
        $this->equal('next page: other rows, the same order', $ids, $expected);
    }

    private function keepsAndClears(): void
    {
        $kept = [
            'team_member' => 1,
            'teamMember' => ['deep_key' => null, 'list' => [], 'object' => new JsonObject()],
            'big' => 2 ** 53 - 1,
        ];
        $customers = $this->commet->customers;
        $stored = $customers->update("user_{$this->run}", metadata: $kept, fullName: 'North')->data;
        $this->equal('metadata: as it was sent', self::sorted($stored->metadata), self::sorted($kept));
        $cleared = $customers->update("user_{$this->run}", fullName: null, address: null)->data;
        $this->equal('null clears', [$cleared->fullName, $cleared->address], [null, null]);
        $this->equal('absent stays', self::sorted($cleared->metadata), self::sorted($kept));
        $digits = $customers->update("user_{$this->run}", metadata: ['0' => 'zero'])->data;
        $this->equal('metadata: digits are keys', $digits->metadata, ['0' => 'zero']);
        $empty = $customers->update("user_{$this->run}", metadata: [])->data;
        $this->equal('metadata: empty is an object', $empty->metadata, []);
    }

    private function finds(): void
    {
        $found = $this->commet->customers->list(externalId: "user_{$this->run}_2")->data;
        $this->equal('filter: exact user ID', self::userIds($found), ["user_{$this->run}_2"]);
        $pages = $this->commet->customers->list(limit: 2, search: "user_{$this->run}_");
        $walked = self::userIds(iterator_to_array($pages));
        sort($walked);
        $this->equal('walk over the pages', $walked, $this->batchIds());
        $none = $this->commet->customers->list(createdAfter: new \DateTimeImmutable('+1 day'));
        $this->equal('filter: nothing of tomorrow', $none->data, []);
        $strange = $this->commet->customers->create(email: 'odd@north.example', id: "a/b?c #é_{$this->run}")->data;
        $same = $this->commet->customers->get($strange->externalId)->data;
        $this->equal('get: a strange user ID', $same->id, $strange->id);
    }

    private function refuses(): void
    {
        try {
            $this->commet->customers->create(email: 'not an address');
            $this->equal('a bad e-mail is refused', false, true);
        } catch (ValidationException $error) {
            $this->equal('validation: field', array_keys($error->validationErrors), ['email']);
            $this->equal('validation: status', $error->getStatusCode(), 400);
            $this->equal('validation: request ID', $error->requestId !== null, true);
        }
    }

    private function deletes(): void
    {
        $deleted = $this->commet->customers->delete("user_{$this->run}_3")->data;
        $this->equal('delete: says so', $deleted->deleted, true);
        try {
            $this->commet->customers->get("user_{$this->run}_3");
            $this->equal('a deleted customer is gone', false, true);
        } catch (ApiException $error) {
            $this->equal('not found: code', $error->errorCode, 'customer_not_found');
            $this->equal('not found: status', $error->getStatusCode(), 404);
        }
    }

    private function keys(): void
    {
        $created = $this->commet->apiKeys->create(name: "PHP {$this->run}", expiresInDays: 1)->data;
        $this->equal('key: shown once', str_starts_with($created->apiKey, 'ck_'), true);
        $listed = array_map(static fn (\Commet\Models\ApiKey $key) => $key->id, $this->commet->apiKeys->list()->data);
        $this->equal('key: listed', in_array($created->id, $listed, true), true);
        $this->equal('key: revoked', $this->commet->apiKeys->delete($created->id)->data->deleted, true);
    }

    /** As JSON with keys in order: PostgreSQL keeps an order of its own. */
    private static function sorted(mixed $value): string
    {
        $sort = static function (mixed $value) use (&$sort): mixed {
            if (is_array($value)) {
                ksort($value);
            }
            return is_array($value) ? array_map($sort, $value) : $value;
        };
        return (string) json_encode($sort($value));
    }

    /**
     * @param array<int, Customer> $customers
     *
     * @return list<string|null>
     */
    private static function userIds(array $customers): array
    {
        return array_map(static fn (Customer $customer): ?string => $customer->externalId, array_values($customers));
    }

    /**
     * @return list<string>
     */
    private function batchIds(): array
    {
        return array_map(fn (int $number): string => "user_{$this->run}_$number", [1, 2, 3]);
    }

    private function equal(string $what, mixed $actual, mixed $expected): void
    {
        if ($actual === $expected) {
            $this->passed++;
            return;
        }
        $this->failed++;
        echo "DIFFERS $what: got ", json_encode($actual), ', expected ', json_encode($expected), "\n";
    }
}

exit((new LiveSeedPage(new Commet(getenv('COMMET_API_KEY') ?: null), bin2hex(random_bytes(6))))->walk());
