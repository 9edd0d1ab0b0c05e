<?php

declare(strict_types=1);

namespace Commet\Tests;

use Commet\Commet;
use Commet\Exceptions\ApiException;
use Commet\Exceptions\CommetException;
use Commet\Exceptions\ConnectionException;
use Commet\Exceptions\InvalidArgumentException;
use Commet\Exceptions\TimeoutException;
use Commet\Exceptions\ValidationException;
use Commet\JsonObject;
use Commet\Model;
use Commet\Webhooks;
use PHPUnit\Framework\TestCase;

/**
 * Owns this library's walk through the shared vectors: every case, against a stub on the loopback.
 *
 * Does not know any case; spec/vectors/README.md says what the keys mean.
 * Always: no case is skipped. Calls are made through cURL, and where PSR-18 is installed through a client of that too.
 */
final class VectorsTest extends TestCase
{
    private const FOLDER = __DIR__ . '/../../../spec/vectors';
    private const CUSTOMER = 'id email externalId fullName taxDocument timezone address metadata';
    private const ARGUMENTS = [
        'customers.create' => self::CUSTOMER,
        'customers.createBatch' => 'customers',
        'customers.get' => 'id',
        'customers.delete' => 'id',
        'customers.update' => self::CUSTOMER,
        'customers.list' => 'limit cursor order externalId email search createdAfter createdBefore metadata',
        'apiKeys.list' => 'limit cursor',
        'apiKeys.create' => 'name expiresInDays',
        'apiKeys.delete' => 'id',
    ];
    private const ERROR = 'kind status code type param message messageMatches requestId docUrl retryAfter details '
        . 'validationErrors';

    /** @var array<string, true> */
    private static array $keysOfOtherCases = [];

    // ------------------------------------------------------------------------------------------ form

    /**
     * Objects stay objects, so that {} is told from [].
     *
     * @return list<\stdClass>
     */
    private static function filesOfVectors(): array
    {
        $flags = JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING;
        $read = static fn (string $file): \stdClass => json_decode((string) file_get_contents($file), flags: $flags);
        return array_map($read, glob(self::FOLDER . '/*.json') ?: []);
    }

    /**
     * @return iterable<string, array{\stdClass}>
     */
    private static function casesOf(string $kind): iterable
    {
        foreach (self::filesOfVectors() as $file) {
            foreach ($file->cases as $case) {
                if ($case->kind === $kind) {
                    yield $case->id => [$case];
                }
            }
        }
    }

    public function testTheVectorsAreManyHaveNamesOfTheirOwnAndKeysThisRunnerKnows(): void
    {
        $ids = [];
        foreach (self::filesOfVectors() as $file) {
            self::known($file, 'topic about cases', $file->topic);
            foreach ($file->cases as $case) {
                self::assertStringStartsWith("{$file->topic}/", $case->id);
                self::assertGreaterThan(10, strlen($case->purpose));
                self::checkForm($case);
                $ids[] = $case->id;
            }
        }
        self::assertGreaterThanOrEqual(424, count($ids));
        self::assertSame($ids, array_values(array_unique($ids)));
    }

    private static function checkForm(\stdClass $case): void
    {
        $client = 'apiKey apiVersion retries timeoutMs basePath baseUrl';
        self::known($case->client ?? new \stdClass(), $client, $case->id);
        self::known($case->expect->error ?? new \stdClass(), self::ERROR, $case->id);
        if ($case->kind === 'client') {
            self::known($case, 'id purpose kind client expect', $case->id);
            self::known($case->expect, 'error', $case->id);
        } elseif ($case->kind === 'webhook') {
            self::known($case, 'id purpose kind webhook expect', $case->id);
            self::known($case->webhook, 'scheme secret payload signature headers now toleranceSeconds', $case->id);
            self::known($case->expect, 'valid event', $case->id);
        } else {
            self::assertSame('call', $case->kind, $case->id);
            self::checkCallForm($case);
        }
    }

    private static function checkCallForm(\stdClass $case): void
    {
        self::known($case, 'id purpose kind client call exchanges expect waits server', $case->id);
        self::known($case->call, 'operation arguments options iterate take', $case->id);
        self::known($case->call->options ?? new \stdClass(), 'idempotencyKey', $case->id);
        self::known($case->call->arguments, self::ARGUMENTS[$case->call->operation], $case->id);
        self::known($case->expect, 'result error openFields exactIntegers', $case->id);
        $result = $case->expect->result ?? new \stdClass();
        self::known($result, 'data hasMore nextCursor status requestId', $case->id);
        foreach ($case->exchanges as $exchange) {
            self::known($exchange, 'request again reply', $case->id);
            $request = $exchange->request ?? new \stdClass();
            self::known($request, 'method path query headers body', $case->id);
            self::known($exchange->reply, 'status headers body text fault', $case->id);
        }
    }

    private static function known(\stdClass $value, string $keys, string $where): void
    {
        $unknown = array_diff(array_keys(get_object_vars($value)), explode(' ', $keys));
        self::assertSame([], array_values($unknown), "$where: this runner does not know these keys");
    }

    // ----------------------------------------------------------------------------------------- calls

    /**
     * @return iterable<string, array{\stdClass}>
     */
    public static function calls(): iterable
    {
        return self::casesOf('call');
    }

    /**
     * @dataProvider calls
     */
    public function testCall(\stdClass $case): void
    {
        $this->walk($case, self::optionsOf($case));
    }

    /**
     * @dataProvider calls
     *
     * @group psr
     */
    public function testCallThroughAPsr18Client(\stdClass $case): void
    {
        $options = self::optionsOf($case);
        $this->walk($case, [...$options, 'httpClient' => new PsrClient($options['timeout'] ?? 30.0)]);
    }

    /**
     * @param array<string, mixed> $options
     */
    private function walk(\stdClass $case, array $options): void
    {
        Stub::shared()->start(...self::repliesOf($case));
        $timing = new RecordedTiming();
        $outcome = self::settled(static fn (): mixed => self::make(Clients::make($timing, $options), $case->call));
        $this->checkRequests($case, Stub::shared()->requests());
        self::checkWaits($case->waits ?? [], $timing->waited);
        if (isset($case->expect->error)) {
            self::checkError($case->expect->error, $outcome);
            return;
        }
        if ($outcome instanceof \Throwable) {
            throw $outcome;
        }
        self::checkResult($case->expect->result, $outcome);
        foreach (get_object_vars($case->expect->openFields ?? new \stdClass()) as $path => $value) {
            self::assertSameJson($value, self::valueAt($outcome, $path), $path);
        }
        foreach (get_object_vars($case->expect->exactIntegers ?? new \stdClass()) as $path => $digits) {
            self::assertIsInt(self::valueAt($outcome, $path), $path);
            self::assertSame($digits, (string) self::valueAt($outcome, $path), $path);
        }
    }

    /**
     * @return list<array<string, mixed>>
     */
    private static function repliesOf(\stdClass $case): array
    {
        $replies = array_map(self::replyOf(...), array_column($case->exchanges, 'reply'));
        return [...$replies, Stub::text(599, 'No reply is left')];
    }

    /**
     * @return array<string, mixed>
     */
    private static function replyOf(\stdClass $reply): array
    {
        if (isset($reply->fault)) {
            return Stub::fault($reply->fault);
        }
        $headers = get_object_vars($reply->headers ?? new \stdClass());
        return property_exists($reply, 'body')
            ? Stub::json($reply->status, $reply->body, $headers)
            : Stub::text($reply->status, $reply->text ?? '', $headers);
    }

    /**
     * @return array<string, mixed>
     */
    private static function optionsOf(\stdClass $case): array
    {
        $client = get_object_vars($case->client ?? new \stdClass());
        $options = array_intersect_key($client, array_flip(['apiKey', 'apiVersion', 'retries']));
        if (isset($client['timeoutMs'])) {
            $options['timeout'] = $client['timeoutMs'] / 1000;
        }
        $options['baseUrl'] = $client['baseUrl'] ?? Stub::shared()->url . ($client['basePath'] ?? '');
        return $options;
    }

    /** The map from a vector's call to the method a user would write. */
    private static function make(Commet $commet, \stdClass $call): mixed
    {
        $given = self::argumentsOf($call->arguments);
        $options = get_object_vars($call->options ?? new \stdClass());
        $id = $given['id'] ?? null;
        return match ($call->operation) {
            'customers.create' => $commet->customers->create(...$given, ...$options),
            'customers.createBatch' => $commet->customers->createBatch(
                array_map(self::argumentsOf(...), $call->arguments->customers),
                ...$options,
            ),
            'customers.get' => $commet->customers->get($id),
            'customers.update' => $commet->customers->update(
                ...['customerId' => $id, ...array_diff_key($given, ['id' => 0]), ...$options],
            ),
            'customers.delete' => $commet->customers->delete($id, ...$options),
            'customers.list' => self::listed($call, static fn () => $commet->customers->list(...$given)),
            'apiKeys.list' => self::listed($call, static fn () => $commet->apiKeys->list(...$given)),
            'apiKeys.create' => $commet->apiKeys->create(...$given, ...$options),
            'apiKeys.delete' => $commet->apiKeys->delete($id, ...$options),
        };
    }

    /**
     * @return array<string, mixed>
     */
    private static function argumentsOf(\stdClass $arguments): array
    {
        $given = get_object_vars($arguments);
        foreach (['address', 'metadata'] as $name) {
            if (($given[$name] ?? null) instanceof \stdClass) {
                $given[$name] = get_object_vars($given[$name]);
            }
        }
        return $given;
    }

    /** @param \Closure(): \Commet\Page<Model> $list */
    private static function listed(\stdClass $call, \Closure $list): mixed
    {
        if (!($call->iterate ?? false)) {
            return $list();
        }
        $rows = [];
        foreach ($list() as $index => $row) {
            self::assertSame(count($rows), $index);
            $rows[] = $row;
            if (count($rows) === ($call->take ?? null)) {
                break;
            }
        }
        return ['data' => $rows];
    }

    private static function settled(\Closure $work): mixed
    {
        try {
            return $work();
        } catch (CommetException | InvalidArgumentException $error) {
            return $error;
        }
    }

    // -------------------------------------------------------------------------------------- requests

    /** @param list<Seen> $seen */
    private function checkRequests(\stdClass $case, array $seen): void
    {
        $lines = array_map(static fn (Seen $request): string => "{$request->method} {$request->target}", $seen);
        self::assertCount(count($case->exchanges), $seen, implode("\n", $lines));
        foreach ($case->exchanges as $index => $exchange) {
            if (isset($exchange->request)) {
                self::checkRequest($exchange->request, $seen[$index]);
            } else {
                self::assertSame(self::bytesOf($seen[0]), self::bytesOf($seen[$index]));
            }
            $request = $exchange->request ?? $case->exchanges[0]->request;
            self::checkStandingRules($request, $seen[$index], $case->client ?? new \stdClass());
        }
        $keys = array_unique(array_map(static fn (Seen $one): string => $one->headers['idempotency-key'] ?? '', $seen));
        foreach (preg_grep('/-retry-/', $keys) ?: [] as $key) {
            self::assertArrayNotHasKey($key, self::$keysOfOtherCases);
            self::$keysOfOtherCases[$key] = true;
        }
    }

    /**
     * @return list<mixed>
     */
    private static function bytesOf(Seen $seen): array
    {
        $names = ['x-api-key', 'commet-version', 'content-type', 'idempotency-key'];
        $headers = array_map(static fn (string $name): ?string => $seen->headers[$name] ?? null, $names);
        return [$seen->method, $seen->target, $seen->body, $headers];
    }

    private static function checkRequest(\stdClass $request, Seen $seen): void
    {
        [$path, $query] = explode('?', $seen->target, 2) + [1 => ''];
        self::assertSame($request->method, $seen->method);
        self::assertMatchesRegularExpression('/^[\x21-\x7e]+$/D', $path);
        self::assertSame(self::segments($request->path), self::segments($path));
        $expected = get_object_vars($request->query ?? new \stdClass());
        $actual = self::pairs($query);
        ksort($expected);
        ksort($actual);
        self::assertSame($expected, $actual);
        if (property_exists($request, 'body')) {
            $body = json_decode($seen->body, flags: JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
            self::assertSameJson($request->body, $body, 'body');
        } else {
            self::assertSame('', $seen->body);
        }
        foreach (get_object_vars($request->headers ?? new \stdClass()) as $name => $rule) {
            self::checkHeader($name, $rule, $seen->headers[$name] ?? null);
        }
    }

    /**
     * @return list<string>
     */
    private static function segments(string $path): array
    {
        return array_map('rawurldecode', explode('/', $path));
    }

    /**
     * @return array<string, string>
     */
    private static function pairs(string $query): array
    {
        $pairs = [];
        foreach ($query === '' ? [] : explode('&', $query) as $pair) {
            [$name, $value] = array_map('urldecode', explode('=', $pair, 2));
            self::assertArrayNotHasKey($name, $pairs);
            $pairs[$name] = $value;
        }
        return $pairs;
    }

    private static function checkHeader(string $name, mixed $rule, ?string $value): void
    {
        if (is_string($rule)) {
            self::assertSame($rule, $value, $name);
        } elseif (isset($rule->absent)) {
            self::assertNull($value, $name);
        } else {
            self::assertMatchesRegularExpression(self::pattern($rule->matches), (string) $value, $name);
        }
    }

    private static function checkStandingRules(\stdClass $request, Seen $seen, \stdClass $client): void
    {
        $absent = (object) ['absent' => true];
        $rules = [
            'x-api-key' => $client->apiKey ?? Clients::KEY,
            'accept' => 'application/json',
            'commet-version' => $client->apiVersion ?? '2026-07-11',
            'user-agent' => (object) ['matches' => '^commet-php/[0-9]+\.[0-9]+\.[0-9]+'],
            'commet-client-telemetry' => $absent,
        ];
        if ($seen->body !== '') {
            $rules['content-type'] = (object) ['matches' => '^application/json(;|$)'];
        }
        if ($seen->method === 'GET') {
            $rules['idempotency-key'] = $absent;
        }
        foreach ([...$rules, ...get_object_vars($request->headers ?? new \stdClass())] as $name => $rule) {
            self::checkHeader($name, $rule, $seen->headers[$name] ?? null);
        }
    }

    /** RE2 as PCRE: the same but for what a dollar is. */
    private static function pattern(string $re2): string
    {
        return "\x01$re2\x01Du";
    }

    /**
     * @param list<mixed> $expected
     * @param list<float> $waited
     */
    private static function checkWaits(array $expected, array $waited): void
    {
        self::assertCount(count($expected), $waited);
        foreach ($expected as $index => $wait) {
            if ($wait instanceof \stdClass) {
                self::assertGreaterThanOrEqual($wait->min, $waited[$index]);
                self::assertLessThanOrEqual($wait->max, $waited[$index]);
            } else {
                self::assertSame((float) $wait, $waited[$index]);
            }
        }
    }

    // ------------------------------------------------------------------------------- results, errors

    /** Equal as JSON: numbers by value. What is expected has objects; PHP's arrays need not tell them from lists. */
    private static function assertSameJson(mixed $expected, mixed $actual, string $where): void
    {
        self::assertSame(self::canonical($expected), self::canonical($actual), $where);
        if ($expected instanceof \stdClass && $actual instanceof \stdClass) {
            // A request: objects and lists are different things there.
            self::assertSame(self::kinds($expected), self::kinds($actual), $where);
        }
    }

    private static function canonical(mixed $value): mixed
    {
        if ($value instanceof JsonObject || $value instanceof Model) {
            $value = $value->toArray();
        }
        if ($value instanceof \stdClass) {
            $value = get_object_vars($value);
        }
        if (is_array($value)) {
            ksort($value);
            return array_map(self::canonical(...), $value);
        }
        return is_float($value) && floor($value) === $value && abs($value) < 2 ** 53 ? (int) $value : $value;
    }

    private static function kinds(mixed $value): mixed
    {
        if (!is_array($value) && !$value instanceof \stdClass) {
            return null;
        }
        $items = (array) $value;
        ksort($items);
        return [is_array($value) ? 'list' : 'object', array_map(self::kinds(...), $items)];
    }

    private static function fieldOf(mixed $value, string $name): mixed
    {
        if ($value instanceof Model) {
            self::assertSame($value->$name, $value[$name]);
            return $value->$name;
        }
        if (is_array($value) || $value instanceof JsonObject) {
            return $value[$name] ?? null;
        }
        return $value->$name;
    }

    private static function valueAt(mixed $value, string $path): mixed
    {
        return array_reduce(explode('.', $path), self::fieldOf(...), $value);
    }

    private static function checkResult(\stdClass $expected, mixed $actual): void
    {
        self::checkListed($expected->data, self::fieldOf($actual, 'data'), 'data');
        $names = ['hasMore' => 'hasMore', 'nextCursor' => 'nextCursor', 'status' => 'statusCode'];
        foreach ([...$names, 'requestId' => 'requestId'] as $wire => $name) {
            if (property_exists($expected, $wire)) {
                self::assertSame($expected->$wire, $actual->$name, $wire);
            }
        }
    }

    /** Objects by the fields listed, exactly below metadata; lists in length and order. */
    private static function checkListed(mixed $expected, mixed $actual, string $where): void
    {
        if (is_array($expected)) {
            self::assertIsArray($actual, $where);
            self::assertCount(count($expected), $actual, $where);
            foreach ($expected as $index => $item) {
                self::checkListed($item, $actual[$index], "$where.$index");
            }
        } elseif ($expected instanceof \stdClass) {
            foreach (get_object_vars($expected) as $name => $value) {
                $found = self::fieldOf($actual, (string) $name);
                if ($name === 'metadata') {
                    self::assertSameJson($value, $found, "$where.$name");
                } else {
                    self::checkListed($value, $found, "$where.$name");
                }
            }
        } else {
            self::assertSameJson($expected, $actual, $where);
        }
    }

    private static function checkError(\stdClass $expected, mixed $error): void
    {
        self::assertInstanceOf(\Throwable::class, $error);
        self::assertSame($expected->kind, self::kindOf($error), $error->getMessage());
        $names = [
            'status' => 'statusCode',
            'code' => 'errorCode',
            'type' => 'type',
            'param' => 'param',
            'requestId' => 'requestId',
            'docUrl' => 'docUrl',
            'retryAfter' => 'retryAfter',
            'details' => 'details',
            'validationErrors' => 'validationErrors',
        ];
        foreach ($names as $wire => $name) {
            if (property_exists($expected, $wire)) {
                self::assertSameJson($expected->$wire, $error->$name ?? null, $wire);
                $getter = 'get' . ucfirst($name);
                self::assertSame($error->$name ?? null, method_exists($error, $getter) ? $error->$getter() : null);
            }
        }
        if (isset($expected->message)) {
            self::assertSame($expected->message, $error->getMessage());
        }
        if (isset($expected->messageMatches)) {
            self::assertMatchesRegularExpression(self::pattern($expected->messageMatches), $error->getMessage());
        }
        self::assertStringNotContainsString(Clients::KEY, $error->getMessage() . print_r($error->details ?? '', true));
    }

    private static function kindOf(\Throwable $error): string
    {
        return match (true) {
            $error instanceof ValidationException => 'validation',
            $error instanceof ApiException => 'api',
            $error instanceof TimeoutException => 'timeout',
            $error instanceof ConnectionException => 'connection',
            $error instanceof InvalidArgumentException => 'local',
            default => 'none',
        };
    }

    // --------------------------------------------------------------------------------------- clients

    /**
     * @return iterable<string, array{\stdClass}>
     */
    public static function clients(): iterable
    {
        return self::casesOf('client');
    }

    /**
     * @dataProvider clients
     */
    public function testClientIsRefused(\stdClass $case): void
    {
        $options = self::optionsOf($case);
        $outcome = self::settled(static fn (): Commet => new Commet(...['apiKey' => Clients::KEY, ...$options]));
        self::checkError($case->expect->error, $outcome);
    }

    // -------------------------------------------------------------------------------------- webhooks

    /**
     * @return iterable<string, array{\stdClass}>
     */
    public static function webhooks(): iterable
    {
        return self::casesOf('webhook');
    }

    /**
     * @dataProvider webhooks
     */
    public function testWebhook(\stdClass $case): void
    {
        $webhooks = new Webhooks();
        $given = $case->webhook;
        if ($given->scheme === 'hex') {
            $delivery = [$given->payload, $given->signature ?? null, $given->secret];
            self::assertSame($case->expect->valid, $webhooks->verify(...$delivery));
            self::assertSameJson($case->expect->event, $webhooks->verifyAndParse(...$delivery), 'event');
            return;
        }
        $headers = get_object_vars($given->headers ?? new \stdClass());
        $inLists = array_map(static fn (mixed $value): array => [$value], $headers);
        $options = ['now' => $given->now ?? null];
        if (isset($given->toleranceSeconds)) {
            $options['tolerance'] = $given->toleranceSeconds;
        }
        foreach ([$headers, $inLists] as $form) {
            $delivery = [$given->payload, $form, $given->secret];
            self::assertSame($case->expect->valid, $webhooks->verifyStandard(...$delivery, ...$options));
            $event = $webhooks->verifyAndParseStandard(...$delivery, ...$options);
            self::assertSameJson($case->expect->event, $event, 'event');
        }
    }
}
