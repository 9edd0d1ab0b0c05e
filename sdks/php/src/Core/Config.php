<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\InvalidArgumentException;
use Commet\Version;

/**
 * Owns the options of a client: their defaults, their checks, what they mean on the wire.
 *
 * Does not send anything.
 * Always: a config that exists is usable; every mistake in the options is refused at construction.
 *
 * @internal
 */
final class Config
{
    public const DEFAULT_BASE_URL = 'http://localhost:3000';
    public const DEFAULT_TIMEOUT = 30.0;
    public const DEFAULT_RETRIES = 3;

    /**
     * @param \Closure(): string $apiKey hidden from var_export, serialize and every other way to print an object
     */
    private function __construct(
        private readonly \Closure $apiKey,
        public readonly string $baseUrl,
        public readonly string $apiVersion,
        public readonly float $timeout,
        public readonly int $retries,
    ) {
    }

    public static function checked(
        #[\SensitiveParameter] ?string $apiKey,
        ?string $baseUrl,
        string $apiVersion,
        float $timeout,
        int $retries,
    ): self {
        $checkedKey = self::checkedKey($apiKey);
        return new self(
            static fn (): string => $checkedKey,
            self::resolvedBaseUrl($baseUrl),
            self::checkedHeader('apiVersion', $apiVersion),
            self::checkedTimeout($timeout),
            self::checkedRetries($retries),
        );
    }

    public function changed(?string $apiVersion, ?float $timeout, ?int $retries): self
    {
        return new self(
            $this->apiKey,
            $this->baseUrl,
            $apiVersion === null ? $this->apiVersion : self::checkedHeader('apiVersion', $apiVersion),
            $timeout === null ? $this->timeout : self::checkedTimeout($timeout),
            $retries === null ? $this->retries : self::checkedRetries($retries),
        );
    }

    public function apiKey(): string
    {
        return ($this->apiKey)();
    }

    /** Takes the API key out of a text, should a server or a proxy ever echo it. */
    public function redact(string $text): string
    {
        return str_replace($this->apiKey(), 'ck_[redacted]', $text);
    }

    public static function userAgent(): string
    {
        // Asking the system for its name costs as much as the rest of a request's preparation.
        static $agent = null;
        return $agent ??= sprintf(
            'commet-php/%s php/%d.%d.%d %s/%s',
            Version::SDK,
            PHP_MAJOR_VERSION,
            PHP_MINOR_VERSION,
            PHP_RELEASE_VERSION,
            PHP_OS_FAMILY,
            php_uname('m'),
        );
    }

    /** Refused here, so that it is not mistaken for a network failure and retried. */
    public static function checkedHeader(string $option, string $value): string
    {
        if (preg_match('/^[\x20-\x7e]{1,255}$/D', $value) !== 1) {
            throw new InvalidArgumentException("$option is 1 to 255 printable ASCII characters");
        }
        return $value;
    }

    /**
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['baseUrl' => $this->baseUrl, 'apiVersion' => $this->apiVersion];
    }

    private static function checkedKey(#[\SensitiveParameter] ?string $given): string
    {
        $apiKey = trim($given ?? '');
        if ($apiKey === '') {
            throw new InvalidArgumentException('API key is required');
        }
        if (preg_match('/^ck_[\x21-\x7e]+$/D', $apiKey) !== 1) {
            throw new InvalidArgumentException('Invalid API key format. Expected format: ck_xxx...');
        }
        return $apiKey;
    }

    private static function resolvedBaseUrl(?string $given): string
    {
        $baseUrl = $given ?? self::fromEnvironment('COMMET_BASE_URL') ?? self::DEFAULT_BASE_URL;
        if (preg_match('~^https?://[^/]*@|^https?://[^/]*.*[?#]~i', $baseUrl) === 1) {
            throw new InvalidArgumentException('baseUrl carries no user, password, query or fragment');
        }
        // parse_url refuses ports that do not exist, and lets through almost everything else.
        $plain = preg_match('~^(https?)://[a-z0-9._:\[\]-]+(/[\x21-\x7e]*)?$~Di', $baseUrl) === 1;
        $url = $plain ? parse_url($baseUrl) : false;
        if ($url === false || ($url['host'] ?? '') === '' || ($url['port'] ?? 1) === 0) {
            $example = self::DEFAULT_BASE_URL;
            throw new InvalidArgumentException("baseUrl is an http or https address such as $example");
        }
        return rtrim($baseUrl, '/');
    }

    /** What is empty is not set. Loaders of .env files, Symfony's among them, may fill the two arrays alone. */
    private static function fromEnvironment(string $name): ?string
    {
        foreach ([getenv($name), $_SERVER[$name] ?? null, $_ENV[$name] ?? null] as $value) {
            if (is_string($value) && $value !== '') {
                return $value;
            }
        }
        return null;
    }

    private static function checkedTimeout(float $timeout): float
    {
        if (!($timeout > 0 && $timeout < 1e9)) {
            throw new InvalidArgumentException("timeout is in seconds and above 0; got $timeout");
        }
        return $timeout;
    }

    private static function checkedRetries(int $retries): int
    {
        if ($retries < 0) {
            throw new InvalidArgumentException("retries is a whole number, 0 or more; got $retries");
        }
        return $retries;
    }
}
