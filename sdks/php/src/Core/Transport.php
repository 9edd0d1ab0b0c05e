<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\CommetException;
use Commet\Exceptions\ConnectionException;
use Commet\Exceptions\InvalidArgumentException;
use Commet\Exceptions\TimeoutException;

/**
 * Owns sending: one call and its attempts.
 *
 * Does not know any resource and does not interpret bodies (Answer does).
 * Always: every attempt of a call carries the same bytes and the same idempotency key.
 *
 * @internal
 */
final class Transport
{
    public function __construct(
        public readonly Config $config,
        public readonly Sender $sender,
        public readonly Timing $timing,
    ) {
    }

    /**
     * @param string $path below /api/v1, each identifier percent-encoded, without a query
     * @param array<string, mixed> $query
     * @param mixed $body sent as JSON, keys untouched; null is no body
     *
     * @throws CommetException
     */
    public function send(string $method, string $path, array $query, mixed $body, ?string $idempotencyKey): Answer
    {
        $request = $this->prepared($method, $path, $query, $body, $idempotencyKey);
        $attempt = 0;
        while (true) {
            try {
                return Answer::read($this->answered($request), $this->config);
            } catch (CommetException $error) {
                $left = $attempt < $this->config->retries;
                $delay = $left ? Retry::delay($error, $attempt, $this->timing->chance()) : null;
                if ($delay === null) {
                    throw $error;
                }
            }
            $this->timing->wait($delay);
            $attempt++;
        }
    }

    private function answered(WireRequest $request): WireAnswer
    {
        try {
            return $this->sender->send($request);
        } catch (TimeoutException $error) {
            throw new TimeoutException($this->config->redact($error->getMessage()));
        } catch (ConnectionException $error) {
            throw new ConnectionException($this->config->redact($error->getMessage()));
        }
    }

    /**
     * @param array<string, mixed> $query
     */
    private function prepared(
        string $method,
        string $path,
        array $query,
        mixed $body,
        ?string $idempotencyKey,
    ): WireRequest {
        if (preg_match('~^/[\x21-\x7e]*$~D', $path) !== 1 || strpbrk($path, '?#') !== false) {
            throw new InvalidArgumentException('a path starts with /, is percent-encoded and carries no query');
        }
        if (preg_match('/^[A-Z]{1,20}$/D', $method) !== 1) {
            throw new InvalidArgumentException('a method is written in upper case, such as GET');
        }
        return new WireRequest(
            $method,
            "{$this->config->baseUrl}/api/v1$path" . Params::query($query),
            [
                'accept' => 'application/json',
                'content-type' => 'application/json',
                'user-agent' => Config::userAgent(),
                'x-api-key' => $this->config->apiKey(),
                'commet-version' => $this->config->apiVersion,
                ...$this->idempotency($method, $idempotencyKey),
            ],
            $body === null ? null : Json::encode($body),
            $this->config->timeout,
        );
    }

    /**
     * @return array<string, string>
     */
    private function idempotency(string $method, ?string $key): array
    {
        if ($method === 'GET') {
            return [];
        }
        if ($key !== null) {
            return ['idempotency-key' => Config::checkedHeader('idempotencyKey', $key)];
        }
        return $this->config->retries > 0 ? ['idempotency-key' => 'commet-php-retry-' . self::uuid()] : [];
    }

    /** Version 4. */
    private static function uuid(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = chr((ord($bytes[6]) & 0x0f) | 0x40);
        $bytes[8] = chr((ord($bytes[8]) & 0x3f) | 0x80);
        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }
}
