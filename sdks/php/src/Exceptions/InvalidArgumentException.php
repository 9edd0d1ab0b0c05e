<?php

declare(strict_types=1);

namespace Commet\Exceptions;

/**
 * An argument is wrong; found before anything was sent. A mistake of the program, so it is PHP's own
 * \InvalidArgumentException and no CommetException.
 */
final class InvalidArgumentException extends \InvalidArgumentException
{
    /**
     * @internal
     */
    public function __construct(string $message, ?\Throwable $previous = null)
    {
        parent::__construct("Commet SDK: $message", 0, $previous);
    }
}
