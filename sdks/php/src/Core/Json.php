<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\InvalidArgumentException;
use Commet\JsonObject;
use Commet\Model;
use Commet\NotGiven;

/**
 * Owns JSON in both directions, so that an object never turns into a list nor a whole number into a fraction.
 *
 * Does not know which fields exist.
 * Always: keys are neither renamed nor dropped nor reordered.
 *
 * @internal
 */
final class Json
{
    private const DEEPEST = 512;

    /**
     * An object that is empty or whose first key is 0, or a text that reads like one. Without any of them an array is
     * as good as an object, and made in half the time.
     */
    private const LIST_LIKE_OBJECT = '/\{\s*(?:\}|"(?:0|\\\\u0030)"\s*:)/';

    /**
     * Objects become arrays, and a JsonObject where an array would be taken for a list. Whole numbers beyond 64 bits
     * become texts of their digits.
     *
     * @throws \JsonException
     */
    public static function decode(string $text): mixed
    {
        $flags = JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING | JSON_INVALID_UTF8_SUBSTITUTE;
        if (preg_match(self::LIST_LIKE_OBJECT, $text) === 0) {
            return json_decode($text, true, self::DEEPEST, $flags);
        }
        try {
            return self::arrays(json_decode($text, false, self::DEEPEST, $flags));
        } catch (\JsonException $error) {
            // A key that begins with NUL cannot be a property; it can be a key of an array.
            if ($error->getCode() !== JSON_ERROR_INVALID_PROPERTY_NAME) {
                throw $error;
            }
            return json_decode($text, true, self::DEEPEST, $flags);
        }
    }

    public static function encode(mixed $value): string
    {
        return self::text($value, self::DEEPEST);
    }

    private static function arrays(mixed $value): mixed
    {
        if (is_array($value)) {
            return array_map(self::arrays(...), $value);
        }
        if (!$value instanceof \stdClass) {
            return $value;
        }
        $fields = array_map(self::arrays(...), get_object_vars($value));
        return array_is_list($fields) ? new JsonObject($fields) : $fields;
    }

    private static function text(mixed $value, int $depth): string
    {
        if ($depth === 0) {
            throw self::unwritable('they are nested too deeply');
        }
        if (is_array($value) && array_is_list($value)) {
            $items = array_map(static fn (mixed $item): string => self::text($item, $depth - 1), $value);
            return '[' . implode(',', $items) . ']';
        }
        $fields = is_array($value) ? $value : self::fields($value);
        if ($fields === null) {
            return is_object($value) ? self::text(self::plain($value), $depth - 1) : self::scalar($value);
        }
        $pairs = [];
        foreach ($fields as $name => $item) {
            $pairs[] = self::scalar((string) $name) . ':' . self::text($item, $depth - 1);
        }
        return '{' . implode(',', $pairs) . '}';
    }

    /**
     * @return array<int|string, mixed>|null nothing for what is no JSON object
     */
    private static function fields(mixed $value): ?array
    {
        return match (true) {
            $value instanceof JsonObject => $value->toArray(),
            $value instanceof Model => get_object_vars($value->jsonSerialize()),
            $value instanceof \stdClass => get_object_vars($value),
            default => null,
        };
    }

    private static function plain(object $value): mixed
    {
        return match (true) {
            $value instanceof \DateTimeInterface => Params::instant($value),
            $value instanceof \JsonSerializable => $value->jsonSerialize(),
            $value instanceof \BackedEnum => $value->value,
            $value instanceof NotGiven => throw self::unwritable('NotGiven is for arguments, not for what is in them'),
            default => throw self::unwritable(sprintf('a %s has no form in JSON', get_debug_type($value))),
        };
    }

    private static function scalar(mixed $value): string
    {
        $flags = JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_SLASHES;
        try {
            return json_encode($value, $flags);
        } catch (\JsonException $cause) {
            throw self::unwritable($cause->getMessage(), $cause);
        }
    }

    private static function unwritable(string $reason, ?\Throwable $cause = null): InvalidArgumentException
    {
        return new InvalidArgumentException("the parameters cannot be written as JSON: $reason", $cause);
    }
}
