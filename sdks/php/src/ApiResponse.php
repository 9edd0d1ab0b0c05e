<?php

declare(strict_types=1);

namespace Commet;

/**
 * What one call answered.
 *
 * @template T
 */
final class ApiResponse
{
    /**
     * @internal
     *
     * @param T $data
     * @param int $statusCode HTTP status; 201 where something was created, 200 where it was there already
     * @param string|null $requestId the x-request-id of the answer: it finds the call in the server's log
     */
    public function __construct(
        public readonly mixed $data,
        public readonly int $statusCode,
        public readonly ?string $requestId,
    ) {
    }
}
