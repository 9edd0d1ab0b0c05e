<?php

declare(strict_types=1);

namespace Commet\Core;

/**
 * A request as it goes onto the wire. Every attempt of a call sends this same one.
 *
 * @internal
 */
final class WireRequest
{
    /**
     * @param array<string, string> $headers
     * @param float $timeout seconds for one attempt, reading the answer included
     */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        public readonly array $headers,
        public readonly ?string $body,
        public readonly float $timeout,
    ) {
    }

    /**
     * @return array<string, mixed> without the headers, which hold the API key
     */
    public function __debugInfo(): array
    {
        return ['method' => $this->method, 'url' => $this->url];
    }
}
