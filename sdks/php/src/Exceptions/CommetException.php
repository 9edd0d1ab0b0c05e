<?php

declare(strict_types=1);

namespace Commet\Exceptions;

/**
 * What a failed call throws: ApiException where the server answered, ConnectionException where it did not.
 *
 * No exception carries the API key. A wrong argument is an InvalidArgumentException instead, before anything is sent.
 */
class CommetException extends \RuntimeException
{
    /**
     * @internal
     *
     * @param string $errorCode machine-readable reason, such as customer_not_found or TIMEOUT. Branch on this
     * @param int|null $statusCode HTTP status, where the server answered
     * @param mixed $details what the server added to the code; its shape depends on the code
     */
    public function __construct(
        string $message,
        public readonly string $errorCode,
        public readonly ?int $statusCode = null,
        public readonly mixed $details = null,
        ?\Throwable $previous = null,
    ) {
        parent::__construct($message, 0, $previous);
    }

    public function getErrorCode(): string
    {
        return $this->errorCode;
    }

    public function getStatusCode(): ?int
    {
        return $this->statusCode;
    }

    public function getDetails(): mixed
    {
        return $this->details;
    }
}
