<?php

declare(strict_types=1);

namespace Commet\Core;

/**
 * An answer as it came off the wire, read to its end.
 *
 * @internal
 */
final class WireAnswer
{
    /**
     * @param array<string, string> $headers by name in lower case: x-request-id, retry-after and location at least
     */
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        public readonly string $body,
    ) {
    }

    public function header(string $name): ?string
    {
        $value = $this->headers[$name] ?? '';
        return $value === '' ? null : $value;
    }

    /**
     * @return array<string, mixed> not what was said: it could echo the API key
     */
    public function __debugInfo(): array
    {
        return ['status' => $this->status];
    }
}
