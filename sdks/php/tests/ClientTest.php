<?php

declare(strict_types=1);

namespace Commet\Tests;

use Commet\Commet;
use Commet\Core\Params;
use Commet\Core\Timing;
use Commet\Exceptions\ApiException;
use Commet\Exceptions\CommetException;
use Commet\Exceptions\ConnectionException;
use Commet\Exceptions\InvalidArgumentException;
use Commet\Exceptions\TimeoutException;
use Commet\Exceptions\ValidationException;
use Commet\JsonObject;
use Commet\Models\Address;
use Commet\Models\Customer;
use Commet\NotGiven;
use Commet\Version;
use Commet\Webhooks;
use PHPUnit\Framework\TestCase;

/**
 * Guarantees of this library that no other language shares, or that the vectors cannot say.
 */
final class ClientTest extends TestCase
{
    private const CUSTOMER = [
        'id' => 'cus_1',
        'externalId' => 'user_1',
        'address' => ['line1' => '9 Quay Street', 'postalCode' => '97201', 'city' => 'Portland', 'country' => 'US'],
        'metadata' => ['team_member' => 1, 'teamMember' => 2],
        'futureField' => ['innerKey' => 1],
    ];

    private RecordedTiming $timing;

    protected function setUp(): void
    {
        $this->timing = new RecordedTiming();
        Stub::shared()->start(Stub::ok(self::CUSTOMER));
    }

    // --------------------------------------------------------------------------------------- results

    public function testFieldsArePropertiesAndKeys(): void
    {
        $customer = $this->client()->customers->get('cus_1')->data;
        self::assertInstanceOf(Customer::class, $customer);
        self::assertSame(['cus_1', 'cus_1'], [$customer->id, $customer['id']]);
        self::assertInstanceOf(Address::class, $customer->address);
        self::assertSame('97201', $customer['address']['postalCode']);
        self::assertSame('97201', $customer->address->postalCode);
        self::assertSame(['team_member' => 1, 'teamMember' => 2], $customer->metadata);
        self::assertTrue(isset($customer->id, $customer['id']));
        self::assertCount(5, $customer);
    }

    public function testFieldsThisVersionDoesNotKnowAreThereAsTheyWereSent(): void
    {
        $customer = $this->client()->customers->get('cus_1')->data;
        self::assertSame(['innerKey' => 1], $customer['futureField']);
        self::assertSame(['innerKey' => 1], $customer->futureField);
    }

    public function testADocumentedFieldThatIsAbsentIsNullAndAnUnknownOneIsAnError(): void
    {
        $customer = Customer::fromWire(['id' => 'cus_1']);
        self::assertNull($customer->fullName);
        self::assertNull($customer['fullName']);
        self::assertFalse(isset($customer->fullName));
        self::assertSame('none', $customer['fullname'] ?? 'none');
        $this->expectException(\OutOfBoundsException::class);
        $this->expectExceptionMessage('has no field fullname');
        self::assertNull($customer->fullname);
    }

    /**
     * @dataProvider changes
     */
    public function testAResultIsReadOnly(\Closure $change): void
    {
        $this->expectException(\LogicException::class);
        $this->expectExceptionMessage('read-only');
        $change(Customer::fromWire(['id' => 'cus_1']), new JsonObject(['a' => 1]));
    }

    /**
     * @return iterable<string, array{\Closure}>
     */
    public static function changes(): iterable
    {
        yield 'a property is set' => [static fn (Customer $customer) => $customer->email = 'x'];
        yield 'a key is set' => [static fn (Customer $customer) => $customer['email'] = 'x'];
        yield 'a property is unset' => [static function (Customer $customer): void {
            unset($customer->id);
        }];
        yield 'a key is unset' => [static function (Customer $customer): void {
            unset($customer['id']);
        }];
        yield 'a key of an object is set' => [static fn ($customer, JsonObject $object) => $object['a'] = 2];
        yield 'a key of an object is unset' => [static function ($customer, JsonObject $object): void {
            unset($object['a']);
        }];
    }

    public function testAResultComparesCopiesAndPrints(): void
    {
        $customer = Customer::fromWire(self::CUSTOMER);
        self::assertEquals(Customer::fromWire(self::CUSTOMER), $customer);
        self::assertEquals($customer, clone $customer);
        self::assertEquals($customer, unserialize(serialize($customer)));
        self::assertSame(self::CUSTOMER, $customer->toArray());
        self::assertSame(self::CUSTOMER, json_decode((string) json_encode($customer), true));
        self::assertSame('{"metadata":{}}', json_encode(Customer::fromWire(['metadata' => []])));
        self::assertStringContainsString('[id] => cus_1', print_r($customer, true));
        self::assertSame(array_keys(self::CUSTOMER), array_keys(iterator_to_array($customer)));
    }

    public function testWhatWasAnsweredMayBeSentBackUnchanged(): void
    {
        $text = '{"empty":{},"list":[],"digits":{"0":"a","1":{}},"":1,"7":"x","f":1.0,"big":9223372036854775807}';
        $answer = Stub::text(200, "{\"success\":true,\"data\":{\"id\":\"cus_1\",\"metadata\":$text}}");
        Stub::shared()->start($answer, Stub::ok(self::CUSTOMER));
        $customer = $this->client()->customers->get('cus_1')->data;
        self::assertInstanceOf(JsonObject::class, $customer->metadata['digits']);
        self::assertSame('a', $customer->metadata['digits'][0]);
        self::assertNull($customer->metadata['empty']['nothing'] ?? null);
        self::assertCount(0, $customer->metadata['empty']);
        self::assertSame([], [...$customer->metadata['empty']]);
        self::assertSame([], $customer->toArray()['metadata']['empty']);
        $this->client()->customers->update('cus_1', metadata: $customer->metadata);
        self::assertSame("{\"metadata\":$text}", $this->lastRequest()->body);
    }

    public function testAnAnsweredAddressMayBeSent(): void
    {
        $customer = $this->client()->customers->get('cus_1')->data;
        $this->client()->customers->update('cus_1', address: $customer->address);
        self::assertSame(['address' => self::CUSTOMER['address']], $this->lastRequest()->json());
    }

    public function testAWholeNumberBeyond64BitsIsItsDigits(): void
    {
        $data = '{"id":"cus_1","metadata":{"big":123456789012345678901234567890}}';
        Stub::shared()->start(Stub::text(200, "{\"success\":true,\"data\":$data}"));
        $customer = $this->client()->customers->get('cus_1')->data;
        self::assertSame('123456789012345678901234567890', $customer->metadata['big']);
    }

    // -------------------------------------------------------------------------------------- arguments

    public function testItemsOfABatchTakeEitherSpelling(): void
    {
        Stub::shared()->start(Stub::ok(['successful' => [self::CUSTOMER], 'failed' => []]));
        $batch = $this->client()->customers->createBatch([
            ['email' => 'a@acme.com', 'full_name' => 'A', 'address' => ['line1' => 'a', 'postal_code' => 'c']],
            ['email' => 'b@acme.com', 'externalId' => 'b', 'metadata' => ['a_b' => ['c_d' => 1]]],
            ['email' => 'c@acme.com', 'metadata' => [], 'address' => null, 'timezone' => NotGiven::Value],
        ])->data;
        self::assertSame('cus_1', $batch->successful[0]->id);
        self::assertSame('97201', $batch['successful'][0]['address']['postalCode']);
        self::assertSame([], $batch->failed);
        self::assertSame(
            '{"customers":['
                . '{"email":"a@acme.com","fullName":"A","address":{"line1":"a","postalCode":"c"}},'
                . '{"email":"b@acme.com","externalId":"b","metadata":{"a_b":{"c_d":1}}},'
                . '{"email":"c@acme.com","metadata":{},"address":null}]}',
            $this->lastRequest()->body,
        );
    }

    public function testOneFieldInTwoSpellingsIsRefused(): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage('postalCode is given twice');
        $address = ['postal_code' => '1', 'postalCode' => '2'];
        $this->client()->customers->update('cus_1', address: $address);
    }

    public function testNullIsNullAndNotGivenIsAbsent(): void
    {
        $this->client()->customers->update('cus_1', fullName: null, taxDocument: NotGiven::Value);
        self::assertSame('{"fullName":null}', $this->lastRequest()->body);
        $this->client()->customers->update('cus_1');
        self::assertSame('{}', $this->lastRequest()->body);
    }

    public function testNullOfAFieldThatIsNeverNullIsAbsentAtAnyDepth(): void
    {
        $address = ['line1' => 'a', 'line2' => null, 'postal_code' => 'c', 'state' => null, 'other' => null];
        $customers = $this->client()->customers;
        $customers->create('a@acme.com', id: null, externalId: null, timezone: null, address: $address, metadata: null);
        $sent = '{"email":"a@acme.com","address":{"line1":"a","postalCode":"c","other":null},"metadata":null}';
        self::assertSame($sent, $this->lastRequest()->body);
        $customers->update('cus_1', email: null, externalId: null, metadata: ['id' => null, 'line2' => null]);
        self::assertSame('{"externalId":null,"metadata":{"id":null,"line2":null}}', $this->lastRequest()->body);
        $customers->createBatch([
            ['email' => null, 'id' => null, 'external_id' => null, 'full_name' => null, 'address' => $address],
        ]);
        self::assertSame(
            '{"customers":[{"email":null,"fullName":null,'
                . '"address":{"line1":"a","postalCode":"c","other":null}}]}',
            $this->lastRequest()->body,
        );
        $this->client()->apiKeys->create('a', expiresInDays: null);
        self::assertSame('{"name":"a"}', $this->lastRequest()->body);
    }

    public function testACustomerGoesByCustomerIdOrIdAndByOneOfThem(): void
    {
        $customers = $this->client()->customers;
        $customers->get('a/b');
        $customers->get(customerId: 'a/b');
        $customers->get(id: 'a/b');
        $customers->get('a/b', id: 'a/b');
        foreach (Stub::shared()->requests() as $request) {
            self::assertSame('/api/v1/customers/a%2Fb', $request->target);
        }
        self::assertRefused('differ', static fn () => $customers->get('a', id: 'b'));
        // As texts: as numbers these would be equal.
        self::assertRefused('differ', static fn () => $customers->get('1', id: '1.0'));
        self::assertRefused('customerId is required', static fn () => $customers->get());
        self::assertRefused('not UTF-8', static fn () => $customers->get("\xff"));
        self::assertCount(4, Stub::shared()->requests());
    }

    public function testDatesAreWrittenInUtcWithMilliseconds(): void
    {
        Stub::shared()->start(Stub::json(200, ['success' => true, 'data' => [], 'hasMore' => false]));
        $this->client()->customers->list(
            createdAfter: new \DateTimeImmutable('2026-07-11T11:30:00.123999+02:00'),
            createdBefore: new \DateTime('2026-07-11T09:30:00Z'),
            metadata: ['on' => true, 'seats' => 12, 7 => 'x'],
        );
        self::assertSame(
            '/api/v1/customers?createdAfter=2026-07-11T09%3A30%3A00.123Z&createdBefore=2026-07-11T09%3A30%3A00.000Z'
                . '&metadata%5Bon%5D=true&metadata%5Bseats%5D=12&metadata%5B7%5D=x',
            $this->lastRequest()->target,
        );
    }

    public function testWhatHasAFormInJsonIsWritten(): void
    {
        $serializable = new class implements \JsonSerializable {
            public function jsonSerialize(): mixed
            {
                return ['in' => new JsonObject()];
            }
        };
        $this->client()->customers->update('cus_1', metadata: [
            'class' => (object) ['a' => new \stdClass()],
            'own' => $serializable,
            'when' => new \DateTimeImmutable('2026-07-11T09:30:00Z'),
            'model' => Customer::fromWire(['metadata' => []]),
            'slash' => "a/b \u{1F4B6}\u{2028}",
            'fraction' => 0.1,
            "\0nul" => 1,
        ]);
        self::assertSame(
            '{"metadata":{"class":{"a":{}},"own":{"in":{}},"when":"2026-07-11T09:30:00.000Z","model":{"metadata":{}},'
                . '"slash":"a/b \ud83d\udcb6\u2028","fraction":0.1,"\u0000nul":1}}',
            $this->lastRequest()->body,
        );
    }

    public function testWhatHasNoneIsRefusedBeforeSending(): void
    {
        $endless = [];
        $endless['self'] = &$endless;
        $none = [NAN, INF, "\xff", static fn () => 1, STDIN, NotGiven::Value, new \ArrayObject(), $endless];
        foreach ($none as $value) {
            self::assertRefused(
                'cannot be written as JSON',
                fn () => $this->client()->customers->update('cus_1', metadata: ['x' => $value]),
            );
        }
        self::assertRefused('a text, a number or a date', function (): void {
            $this->client()->request('GET', '/customers', ['search' => new \stdClass()]);
        });
        self::assertSame([], Stub::shared()->requests());
    }

    public function testAWrongArgumentIsPhpsOwnException(): void
    {
        try {
            new Commet(apiKey: 'wrong');
            self::fail('It is accepted');
        } catch (\InvalidArgumentException $error) {
            self::assertSame('Commet SDK: Invalid API key format. Expected format: ck_xxx...', $error->getMessage());
            self::assertNotInstanceOf(CommetException::class, $error);
        }
    }

    // ----------------------------------------------------------------------------------------- pages

    public function testAPageWalksOnAndAsksOnlyForPagesThatAreNeeded(): void
    {
        $page = static fn (string $id, ?string $next): array => Stub::json(200, [
            'success' => true,
            'data' => [['id' => $id], ['id' => "{$id}b"]],
            'hasMore' => $next !== null,
            'nextCursor' => $next,
        ]);
        Stub::shared()->start($page('1', 'c2'), $page('2', 'c3'), $page('3', null));
        $list = $this->client()->customers->list(limit: 2, search: 'a');
        self::assertSame(['1', '1b'], array_map(static fn (Customer $customer) => $customer->id, $list->data));
        self::assertSame([true, 'c2', 200], [$list->hasMore, $list->nextCursor, $list->statusCode]);
        foreach ($list->autoPagingIterator() as $index => $customer) {
            if ($index === 2) {
                break;
            }
        }
        self::assertCount(2, Stub::shared()->requests());
        self::assertSame('/api/v1/customers?limit=2&cursor=c2&search=a', $this->lastRequest()->target);
        Stub::shared()->start($page('2', 'c3'), $page('3', null));
        $ids = array_map(static fn (Customer $customer) => $customer->id, iterator_to_array($list));
        self::assertSame(['1', '1b', '2', '2b', '3', '3b'], $ids);
    }

    // --------------------------------------------------------------------------------------- options

    public function testOptionsChangeForOneCall(): void
    {
        $commet = $this->client();
        $other = $commet->withOptions(apiVersion: '2026-07-31', retries: 0);
        $other->customers->update('cus_1', email: 'a@acme.com');
        self::assertSame('2026-07-31', $this->lastRequest()->headers['commet-version']);
        self::assertArrayNotHasKey('idempotency-key', $this->lastRequest()->headers);
        $commet->customers->update('cus_1', email: 'a@acme.com');
        self::assertSame(Version::API, $this->lastRequest()->headers['commet-version']);
        self::assertArrayHasKey('idempotency-key', $this->lastRequest()->headers);
        self::assertRefused('timeout', static fn () => $commet->withOptions(timeout: NAN));
    }

    public function testTheBaseUrlComesFromTheEnvironment(): void
    {
        $of = static fn (?string $baseUrl): string => (new Commet(Clients::KEY, $baseUrl))->__debugInfo()['baseUrl'];
        self::assertSame('http://localhost:3000', $of(null));
        putenv('COMMET_BASE_URL=https://billing.example.org/gateway/');
        self::assertSame('https://billing.example.org/gateway', $of(null));
        self::assertSame('http://[::1]:4000', $of('http://[::1]:4000/'));
        putenv('COMMET_BASE_URL=');
        self::assertSame('http://localhost:3000', $of(null));
        putenv('COMMET_BASE_URL');
        foreach (['http://', 'http://a:99999', 'http://a b', "http://a\r\nx: y", '//a', 'ftp://a', ''] as $wrong) {
            self::assertRefused('baseUrl', static fn () => $of($wrong));
        }
    }

    public function testTheEnvironmentIsAlsoReadWhereOnlyPhpsArraysHoldIt(): void
    {
        $baseUrl = static fn (): string => (new Commet(Clients::KEY))->__debugInfo()['baseUrl'];
        try {
            $_ENV['COMMET_BASE_URL'] = 'http://env.example';
            self::assertSame('http://env.example', $baseUrl());
            $_SERVER['COMMET_BASE_URL'] = 'http://server.example';
            self::assertSame('http://server.example', $baseUrl());
            putenv('COMMET_BASE_URL=http://process.example');
            self::assertSame('http://process.example', $baseUrl());
            putenv('COMMET_BASE_URL');
            $_SERVER['COMMET_BASE_URL'] = ['no text'];
            $_ENV['COMMET_BASE_URL'] = '';
            self::assertSame('http://localhost:3000', $baseUrl());
        } finally {
            putenv('COMMET_BASE_URL');
            unset($_SERVER['COMMET_BASE_URL'], $_ENV['COMMET_BASE_URL']);
        }
    }

    public function testAnOperationWithoutAMethodCanBeCalled(): void
    {
        $commet = $this->client();
        $response = $commet->request('POST', '/customers/a%2Fb/x', ['a' => 1], ['snake_key' => []], 'key-1');
        self::assertSame(self::CUSTOMER, $response->data);
        self::assertSame([200, 'req_stub'], [$response->statusCode, $response->requestId]);
        self::assertSame('POST /api/v1/customers/a%2Fb/x?a=1', "POST {$this->lastRequest()->target}");
        self::assertSame('{"snake_key":[]}', $this->lastRequest()->body);
        self::assertSame('key-1', $this->lastRequest()->headers['idempotency-key']);
        $commet->request('POST', '/x', body: []);
        self::assertSame('{}', $this->lastRequest()->body);
        $commet->request('GET', '/a/../b');
        self::assertSame('/api/v1/a/../b', $this->lastRequest()->target);
        foreach (['x', '/x?a=1', '/x#a', "/x\r\n"] as $path) {
            self::assertRefused('path', static fn () => $commet->request('GET', $path));
        }
        self::assertRefused('method', static fn () => $commet->request("GET /\r\n", '/x'));
    }

    // --------------------------------------------------------------------------------------- failure

    /**
     * @dataProvider faultsThatLast
     */
    public function testTheTimeLimitHoldsForTheWholeAttempt(string $fault): void
    {
        Stub::shared()->start(Stub::fault($fault));
        $start = hrtime(true);
        try {
            $this->client(['timeout' => 0.2, 'retries' => 1])->customers->get('cus_1');
            self::fail('It is answered');
        } catch (TimeoutException $error) {
            self::assertStringContainsString('0.2 s', $error->getMessage());
        }
        self::assertLessThan(2.0, (hrtime(true) - $start) / 1e9);
        self::assertCount(1, $this->timing->waited);
    }

    /**
     * @return iterable<string, array{string}>
     */
    public static function faultsThatLast(): iterable
    {
        yield 'nothing comes' => ['silence'];
        yield 'the answer stops' => ['stall'];
        yield 'the answer never ends' => ['trickle'];
    }

    public function testARefusedConnectionIsRetriedAndTellsWhy(): void
    {
        $commet = $this->client(['baseUrl' => 'http://127.0.0.1:1', 'retries' => 2]);
        try {
            $commet->customers->get('cus_1');
            self::fail('It is answered');
        } catch (ConnectionException $error) {
            self::assertSame('CONNECTION_ERROR', $error->getErrorCode());
            self::assertNull($error->getStatusCode());
            self::assertMatchesRegularExpression('/refused|connect/i', $error->getMessage());
        }
        self::assertCount(2, $this->timing->waited);
    }

    public function testAWriteWithoutAKeyIsSentOnceThoughTheKeptConnectionDies(): void
    {
        Stub::shared()->start(Stub::kept(self::CUSTOMER), Stub::fault('reset'));
        $commet = $this->client(['retries' => 0]);
        $commet->customers->get('cus_1');
        try {
            $commet->customers->create(email: 'a@acme.com');
            self::fail('It is answered');
        } catch (ConnectionException) {
            $methods = array_column(Stub::shared()->requests(), 'method');
            self::assertSame(['GET', 'POST'], $methods);
        }
    }

    public function testOnlyAWriteWithoutAKeyOpensAConnectionOfItsOwn(): void
    {
        Stub::shared()->start(Stub::kept(self::CUSTOMER));
        $commet = $this->client(['retries' => 0]);
        $commet->customers->get('cus_1');
        $commet->customers->update('cus_1', email: 'a@acme.com', idempotencyKey: 'key-1');
        $commet->customers->update('cus_1', email: 'a@acme.com');
        $commet->customers->get('cus_1');
        $connections = array_column(Stub::shared()->requests(), 'connection');
        self::assertCount(4, $connections);
        self::assertSame($connections[0], $connections[1]);
        self::assertNotSame($connections[0], $connections[2]);
        self::assertContains($connections[3], [$connections[0], $connections[2]]);
    }

    public function testNoErrorAndNoPrintShowsTheKey(): void
    {
        Stub::shared()->start(Stub::failure(409, 'the ' . Clients::KEY . ' was seen'));
        $commet = $this->client();
        foreach ([$commet, $commet->customers] as $object) {
            self::assertStringNotContainsString(Clients::KEY, print_r($object, true) . var_export($object, true));
        }
        try {
            $commet->customers->get('cus_1');
            self::fail('It is answered');
        } catch (ApiException $error) {
            self::assertSame('the ck_[redacted] was seen', $error->errorCode);
            self::assertStringNotContainsString(Clients::KEY, "$error" . self::printed($error));
        }
        Stub::shared()->start(Stub::fault('reset'));
        try {
            $commet->withOptions(retries: 0)->customers->get('cus_1');
            self::fail('It is answered');
        } catch (ConnectionException $error) {
            self::assertStringNotContainsString(Clients::KEY, "$error" . self::printed($error));
        }
    }

    /** What a page that shows errors may print of one: the frames of this library with their arguments. */
    private static function printed(CommetException $error): string
    {
        $own = static fn (array $frame): bool => str_starts_with($frame['class'] ?? '', 'Commet\\')
            && !str_starts_with($frame['class'], __NAMESPACE__);
        $frames = array_filter($error->getTrace(), $own);
        self::assertNotEmpty(array_filter(array_column($frames, 'args')));
        return print_r([$frames, get_object_vars($error)], true);
    }

    public function testExceptionsHaveGettersAndProperties(): void
    {
        $details = [['field' => 'email', 'message' => 'Invalid']];
        $error = ['code' => 'validation_error', 'message' => 'Bad', 'details' => $details, 'param' => 'email'];
        Stub::shared()->start(Stub::json(400, ['success' => false, 'error' => $error], ['x-request-id' => 'req_1']));
        try {
            $this->client()->customers->create(email: 'x');
            self::fail('It is answered');
        } catch (ValidationException $error) {
            self::assertInstanceOf(ApiException::class, $error);
            self::assertSame([400, 400], [$error->getStatusCode(), $error->statusCode]);
            self::assertSame(['email' => ['Invalid']], $error->validationErrors);
            self::assertSame($error->validationErrors, $error->getValidationErrors());
            self::assertSame($details, $error->getDetails());
            self::assertSame(['email', 'req_1'], [$error->getParam(), $error->getRequestId()]);
        }
        $this->expectException(\Error::class);
        $this->expectExceptionMessage('readonly');
        $error->errorCode = 'x';
    }

    public function testDetailsThatAreNoListMakeNoValidationException(): void
    {
        $error = ['code' => 'validation_error', 'message' => 'Bad', 'details' => ['field' => 'email']];
        Stub::shared()->start(Stub::json(400, ['success' => false, 'error' => $error]));
        try {
            $this->client()->customers->create(email: 'x');
            self::fail('It is answered');
        } catch (ApiException $error) {
            self::assertSame(ApiException::class, $error::class);
            self::assertSame(['field' => 'email'], $error->details);
        }
    }

    public function testBase64IsTakenInItsOneForm(): void
    {
        $key = str_repeat("\xfb", 32);
        $webhooks = new Webhooks();
        $verifies = static fn (string $secret, string $signature): bool => $webhooks->verifyStandard(
            '{}',
            ['Webhook-Id' => 'a', 'Webhook-Timestamp' => '100', 'Webhook-Signature' => $signature],
            $secret,
            now: 100,
        );
        $secret = 'whsec_' . base64_encode($key);
        $signature = 'v1,' . base64_encode(hash_hmac('sha256', 'a.100.{}', $key, true));
        self::assertTrue($verifies($secret, $signature));
        self::assertFalse($verifies($secret, rtrim($signature, '=')));
        self::assertFalse($verifies(rtrim($secret, '='), $signature));
        self::assertFalse($verifies("$secret\n", $signature));
        self::assertFalse($verifies(strtr($secret, '+/', '-_'), $signature));
    }

    public function testALongBodyIsSentAtOnceAndACompressedAnswerIsRead(): void
    {
        $packed = (string) gzencode((string) json_encode(['success' => true, 'data' => self::CUSTOMER]));
        Stub::shared()->start(Stub::text(200, $packed, ['content-encoding' => 'gzip']));
        $long = str_repeat('x', 2_000_000);
        $response = $this->client()->customers->create(email: 'a@acme.com', metadata: ['x' => $long]);
        self::assertSame('cus_1', $response->data->id);
        self::assertArrayNotHasKey('expect', $this->lastRequest()->headers);
        self::assertSame($long, $this->lastRequest()->json()['metadata']['x']);
    }

    public function testWaitingAndChanceAreReal(): void
    {
        $timing = new Timing();
        $start = hrtime(true);
        $timing->wait(0.01);
        self::assertGreaterThanOrEqual(0.009, (hrtime(true) - $start) / 1e9);
        $chances = array_map(static fn (): float => $timing->chance(), range(1, 50));
        self::assertGreaterThanOrEqual(0, min($chances));
        self::assertLessThan(1, max($chances));
        self::assertGreaterThan(1, count(array_unique($chances)));
    }

    // ---------------------------------------------------------------------------------------- PSR-18

    /**
     * @group psr
     */
    public function testAPsr18ClientTakesItsFactoriesFromWhereTheyAre(): void
    {
        $factory = new \GuzzleHttp\Psr7\HttpFactory();
        foreach ([[], ['requestFactory' => $factory, 'streamFactory' => $factory]] as $factories) {
            $client = new PsrClient();
            $commet = $this->client(['httpClient' => $client, ...$factories]);
            self::assertSame('cus_1', $commet->customers->update('cus_1', email: 'a@acme.com')->data->id);
            self::assertSame(1, $client->sent);
            self::assertSame('{"email":"a@acme.com"}', $this->lastRequest()->body);
        }
    }

    // --------------------------------------------------------------------------------------- package

    public function testNamesTravelToTheWire(): void
    {
        $names = ['postal_code' => 'postalCode', 'line1' => 'line1', 'externalId' => 'externalId', '_a' => '_a'];
        self::assertSame(array_values($names), array_map(Params::camelCase(...), array_keys($names)));
    }

    public function testVersionsAreToldInOnePlace(): void
    {
        $changes = (string) file_get_contents(__DIR__ . '/../CHANGELOG.md');
        preg_match('/^## (.*)$/m', $changes, $newest);
        self::assertSame(Version::SDK, $newest[1]);
        $description = json_decode((string) file_get_contents(__DIR__ . '/../../../spec/sdk.json'), true);
        self::assertSame(Version::API, $description['version']);
    }

    /** @param array<string, mixed> $options */
    private function client(array $options = []): Commet
    {
        return Clients::make($this->timing, $options);
    }

    private function lastRequest(): Seen
    {
        $requests = Stub::shared()->requests();
        self::assertNotEmpty($requests);
        return $requests[array_key_last($requests)];
    }

    private static function assertRefused(string $message, \Closure $work): void
    {
        try {
            $work();
        } catch (InvalidArgumentException $error) {
            self::assertStringContainsString($message, $error->getMessage());
            return;
        }
        self::fail("It is not refused: $message");
    }
}
