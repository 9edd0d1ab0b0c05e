<?php

declare(strict_types=1);

namespace Commet\Exceptions;

/**
 * The request had bad fields.
 */
final class ValidationException extends ApiException
{
    /**
     * @internal
     *
     * @param array<string, list<string>> $validationErrors field path as on the wire (address.postalCode) → what was
     *     wrong with it, in the server's order
     */
    public function __construct(
        string $message,
        string $errorCode,
        int $statusCode,
        string $type = 'validation_error',
        ?string $param = null,
        mixed $details = null,
        ?string $docUrl = null,
        ?string $requestId = null,
        ?float $retryAfter = null,
        public readonly array $validationErrors = [],
    ) {
        parent::__construct(
            $message,
            $errorCode,
            $statusCode,
            $type,
            $param,
            $details,
            $docUrl,
            $requestId,
            $retryAfter,
        );
    }

    /**
     * @return array<string, list<string>>
     */
    public function getValidationErrors(): array
    {
        return $this->validationErrors;
    }
}
