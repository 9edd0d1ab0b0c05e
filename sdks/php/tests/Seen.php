<?php

declare(strict_types=1);

namespace Commet\Tests;

/**
 * A request as it was on the wire.
 */
final class Seen
{
    /**
     * @param array<string, string> $headers by name in lower case
     * @param int $connection the same for all that came over one
     */
    public function __construct(
        public readonly string $method,
        public readonly string $target,
        public readonly array $headers,
        public readonly string $body,
        public readonly int $connection,
    ) {
    }

    /** The body with objects as arrays. */
    public function json(): mixed
    {
        return json_decode($this->body, true, 512, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
    }
}
