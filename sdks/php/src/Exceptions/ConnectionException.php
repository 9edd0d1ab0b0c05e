<?php

declare(strict_types=1);

namespace Commet\Exceptions;

/**
 * No complete answer arrived: refused, reset, unresolvable. Code CONNECTION_ERROR.
 */
class ConnectionException extends CommetException
{
    /**
     * @internal
     */
    public function __construct(
        string $message,
        string $errorCode = 'CONNECTION_ERROR',
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, $errorCode, previous: $previous);
    }
}
