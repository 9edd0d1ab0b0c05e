<?php

declare(strict_types=1);

namespace Commet\Exceptions;

/**
 * The server answered, and the answer was no, or was none of the API's. The latter have the codes INVALID_JSON,
 * EMPTY_RESPONSE, UNEXPECTED_REDIRECT and UNEXPECTED_RESPONSE.
 */
class ApiException extends CommetException
{
    /**
     * @internal
     *
     * @param string $type family of the code: validation_error, not_found_error, conflict_error, …
     * @param string|null $param the one field at fault, where there is one
     * @param string|null $docUrl page that explains the code
     * @param string|null $requestId the x-request-id of the answer: the line to look for in the server's log
     * @param float|null $retryAfter seconds the server asked to wait, where it sent a numeric Retry-After
     */
    public function __construct(
        string $message,
        string $errorCode,
        int $statusCode,
        public readonly string $type = 'api_error',
        public readonly ?string $param = null,
        mixed $details = null,
        public readonly ?string $docUrl = null,
        public readonly ?string $requestId = null,
        public readonly ?float $retryAfter = null,
    ) {
        parent::__construct($message, $errorCode, $statusCode, $details);
    }

    public function getType(): string
    {
        return $this->type;
    }

    public function getParam(): ?string
    {
        return $this->param;
    }

    public function getDocUrl(): ?string
    {
        return $this->docUrl;
    }

    public function getRequestId(): ?string
    {
        return $this->requestId;
    }

    public function getRetryAfter(): ?float
    {
        return $this->retryAfter;
    }
}
