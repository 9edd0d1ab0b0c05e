<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\ApiException;
use Commet\Exceptions\ValidationException;
use Commet\JsonObject;

/**
 * Owns what an HTTP answer means: data, a page, or an error, in every envelope the API has had.
 *
 * Does not send and does not retry.
 * Always: the class of the exception is told by code and details, never by the status alone.
 *
 * @internal
 */
final class Answer
{
    private function __construct(
        private readonly mixed $body,
        public readonly int $statusCode,
        public readonly ?string $requestId,
    ) {
    }

    /**
     * A success, still in its envelope.
     *
     * @throws ApiException for everything else
     */
    public static function read(WireAnswer $wire, Config $config): self
    {
        if ($wire->status >= 300 && $wire->status <= 399) {
            throw self::redirect($wire, $config);
        }
        $body = self::parsed($wire, $config);
        $fields = self::fieldsOf($body);
        $refused = ($fields['success'] ?? null) === false && self::isObject($fields['error'] ?? null);
        if ($wire->status < 200 || $wire->status > 299 || $refused) {
            throw self::refusal($wire, $fields);
        }
        return new self($body, $wire->status, $wire->header('x-request-id'));
    }

    /** What is in { success, data }; later versions send it bare. */
    public function data(): mixed
    {
        $fields = self::fieldsOf($this->body);
        $enveloped = ($fields['success'] ?? null) === true && array_key_exists('data', $fields);
        return $enveloped ? $fields['data'] : $this->body;
    }

    /**
     * Of { success, data, hasMore } or { object: list, data, hasMore }.
     *
     * @return array{list<mixed>, bool, string|null} rows, whether there are more, and the next cursor
     */
    public function page(): array
    {
        $fields = self::fieldsOf($this->body);
        $rows = $fields['data'] ?? null;
        if (!is_array($rows) || !array_is_list($rows)) {
            throw new ApiException(
                'The answer is not a list',
                errorCode: 'UNEXPECTED_RESPONSE',
                statusCode: $this->statusCode,
                requestId: $this->requestId,
            );
        }
        return [$rows, ($fields['hasMore'] ?? null) === true, self::text($fields['nextCursor'] ?? null)];
    }

    private static function parsed(WireAnswer $wire, Config $config): mixed
    {
        $text = trim(str_starts_with($wire->body, "\u{FEFF}") ? substr($wire->body, 3) : $wire->body);
        if ($text === '') {
            $message = "The server answered {$wire->status} with an empty body";
            throw self::unreadable($wire, 'EMPTY_RESPONSE', $message);
        }
        try {
            return Json::decode($wire->status >= 400 ? $config->redact($text) : $text);
        } catch (\JsonException) {
            $message = "The server answered {$wire->status} with a body that is not JSON";
            throw self::unreadable($wire, 'INVALID_JSON', $message);
        }
    }

    private static function redirect(WireAnswer $wire, Config $config): ApiException
    {
        // Following would hand the API key to another address.
        $location = $wire->header('location');
        $target = $location === null ? '' : ' to ' . $config->redact($location);
        $message = "The server redirects$target; set baseUrl to the final address";
        return self::unreadable($wire, 'UNEXPECTED_REDIRECT', $message);
    }

    private static function unreadable(WireAnswer $wire, string $code, string $message): ApiException
    {
        return new ApiException(
            $message,
            errorCode: $code,
            statusCode: $wire->status,
            requestId: $wire->header('x-request-id'),
            retryAfter: self::seconds($wire->header('retry-after')),
        );
    }

    /**
     * @param array<int|string, mixed> $body
     */
    private static function refusal(WireAnswer $wire, array $body): ApiException
    {
        $reported = self::reported($body);
        $details = $reported['details'] ?? null;
        $code = self::text($reported['code'] ?? null) ?? 'unknown';
        $told = [
            'message' => self::text($reported['message'] ?? null) ?? "Request failed with status {$wire->status}",
            'errorCode' => $code,
            'statusCode' => $wire->status,
            'type' => self::text($reported['type'] ?? null) ?? 'api_error',
            'param' => self::text($reported['param'] ?? null),
            'details' => $details,
            'docUrl' => self::text($reported['doc_url'] ?? null),
            'requestId' => $wire->header('x-request-id'),
            'retryAfter' => self::seconds($wire->header('retry-after')),
        ];
        return $code === 'validation_error' && is_array($details) && array_is_list($details)
            ? new ValidationException(...$told, validationErrors: self::byField($details))
            : new ApiException(...$told);
    }

    /**
     * Nested since 2026-05-25; flat before; { message, errors: { field: [] } } at first.
     *
     * @param array<int|string, mixed> $body
     *
     * @return array<int|string, mixed>
     */
    private static function reported(array $body): array
    {
        $error = $body['error'] ?? null;
        if (self::isObject($error)) {
            return self::fieldsOf($error);
        }
        $errors = $body['errors'] ?? null;
        if (self::isObject($errors) && !isset($body['code'])) {
            $family = ['code' => 'validation_error', 'type' => 'validation_error'];
            return [...$body, ...$family, 'details' => self::entries(self::fieldsOf($errors))];
        }
        return ['message' => $error, ...$body];
    }

    /**
     * @param array<int|string, mixed> $errors
     *
     * @return list<array{field: string, message: string}>
     */
    private static function entries(array $errors): array
    {
        $entries = [];
        foreach ($errors as $field => $messages) {
            foreach (is_array($messages) ? $messages : [$messages] as $message) {
                $text = is_string($message) ? $message : (string) json_encode($message);
                $entries[] = ['field' => (string) $field, 'message' => $text];
            }
        }
        return $entries;
    }

    /**
     * @param list<mixed> $details
     *
     * @return array<string, list<string>>
     */
    private static function byField(array $details): array
    {
        $byField = [];
        foreach ($details as $detail) {
            if (self::isObject($detail)) {
                $fields = self::fieldsOf($detail);
                $field = self::text($fields['field'] ?? null) ?? '';
                $byField[$field][] = self::text($fields['message'] ?? null) ?? 'is invalid';
            }
        }
        return $byField;
    }

    private static function isObject(mixed $value): bool
    {
        return $value instanceof JsonObject || (is_array($value) && !array_is_list($value));
    }

    /**
     * @return array<int|string, mixed> nothing for what is no object
     */
    private static function fieldsOf(mixed $value): array
    {
        if ($value instanceof JsonObject) {
            return $value->toArray();
        }
        return is_array($value) && !array_is_list($value) ? $value : [];
    }

    /** Numbers only: the date form says when by the server's clock, which need not be ours. */
    private static function seconds(?string $header): ?float
    {
        if (preg_match('/^[0-9]{1,15}(\.[0-9]*)?$/D', trim($header ?? '')) !== 1) {
            return null;
        }
        $seconds = (float) $header;
        return $seconds > 0 ? $seconds : null;
    }

    private static function text(mixed $value): ?string
    {
        return is_string($value) && $value !== '' ? $value : null;
    }
}
