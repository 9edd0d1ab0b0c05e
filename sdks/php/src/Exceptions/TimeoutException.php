<?php

declare(strict_types=1);

namespace Commet\Exceptions;

/**
 * No complete answer arrived within the timeout. Code TIMEOUT.
 */
final class TimeoutException extends ConnectionException
{
    /**
     * @internal
     */
    public function __construct(string $message, ?\Throwable $previous = null)
    {
        parent::__construct($message, 'TIMEOUT', $previous);
    }
}
