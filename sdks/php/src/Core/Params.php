<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\InvalidArgumentException;
use Commet\JsonObject;
use Commet\Model;
use Commet\NotGiven;

/**
 * Owns how arguments become JSON and query values of the wire.
 *
 * Does not know which parameters exist: generated code hands it the shapes.
 * Always: NotGiven leaves a field out, and so does null where the API has no null; keys of free-form maps are never
 * touched.
 *
 * A shape says what a value holds: an array with the fields of an object of the API's own, by wire name, each with its
 * shape; a list of one shape for a list of such objects; MAP for the caller's own keys. What has no shape goes out as
 * it is. A question mark behind a field's name says that the field is left out where it is null.
 *
 * @internal
 */
final class Params
{
    public const MAP = 'map';

    /**
     * @param array<string, mixed> $given by wire name
     * @param array<string, mixed> $shape
     */
    public static function body(array $given, array $shape): JsonObject
    {
        $fields = [];
        foreach ($given as $name => $value) {
            if (!self::isLeftOut($name, $value, $shape)) {
                $fields[$name] = self::toWire($value, self::shapeOf($name, $shape));
            }
        }
        return new JsonObject($fields);
    }

    /**
     * The query as text: ?a=1&m[key]=value, or nothing. Null is left out; a map's keys reach the
     * server as given.
     *
     * @param array<string, mixed> $query
     */
    public static function query(array $query): string
    {
        $pairs = [];
        foreach ($query as $name => $value) {
            array_push($pairs, ...self::pairs((string) $name, $value));
        }
        return $pairs === [] ? '' : '?' . implode('&', $pairs);
    }

    /** One segment of a path: what the server decodes is, byte for byte, what the caller gave. */
    public static function segment(string $identifier): string
    {
        if ($identifier === '') {
            throw new InvalidArgumentException('an identifier in the path is a text that is not empty');
        }
        if ($identifier === '.' || $identifier === '..') {
            // Every URL parser folds these two away, encoded or not, so they would address another resource.
            throw new InvalidArgumentException(
                "no URL can carry the identifier \"$identifier\"; use the cus_… ID instead",
            );
        }
        return rawurlencode(self::utf8('an identifier in the path', $identifier));
    }

    /**
     * The one identifier given under several names; two that differ would name two things.
     *
     * @param array<string, string|NotGiven> $names
     */
    public static function oneOf(array $names): string
    {
        $given = array_filter($names, 'is_string');
        if ($given === []) {
            throw new InvalidArgumentException(array_key_first($names) . ' is required');
        }
        if (count(array_unique($given, SORT_STRING)) > 1) {
            throw new InvalidArgumentException(implode(' and ', array_keys($given)) . ' differ; pass one of them');
        }
        return reset($given);
    }

    /** ISO 8601 in UTC with milliseconds, the API's one form. */
    public static function instant(\DateTimeInterface $value): string
    {
        $utc = \DateTimeImmutable::createFromInterface($value)->setTimezone(new \DateTimeZone('UTC'));
        return $utc->format('Y-m-d\TH:i:s.v\Z');
    }

    /** The wire's form of a name in either style. */
    public static function camelCase(string $name): string
    {
        $upper = static fn (array $found): string => strtoupper($found[1]);
        return (string) preg_replace_callback('/(?<=[A-Za-z0-9])_([a-z0-9])/', $upper, $name);
    }

    /** @param array<string, mixed> $shape */
    private static function isLeftOut(string $name, mixed $value, array $shape): bool
    {
        return $value === NotGiven::Value || ($value === null && array_key_exists("$name?", $shape));
    }

    /** @param array<string, mixed> $shape */
    private static function shapeOf(string $name, array $shape): mixed
    {
        return $shape[$name] ?? $shape["$name?"] ?? null;
    }

    private static function toWire(mixed $value, mixed $shape): mixed
    {
        if ($shape === null) {
            return $value;
        }
        if ($shape === self::MAP) {
            return is_array($value) ? new JsonObject($value) : $value;
        }
        if (is_array($shape) && $shape !== [] && array_is_list($shape)) {
            return is_iterable($value) && !$value instanceof Model ? self::listToWire($value, $shape[0]) : $value;
        }
        $fields = self::fieldsOf($value);
        return $fields === null ? $value : self::objectToWire($fields, $shape);
    }

    /**
     * @param iterable<mixed> $items
     *
     * @return list<mixed>
     */
    private static function listToWire(iterable $items, mixed $shape): array
    {
        $wire = [];
        foreach ($items as $item) {
            $wire[] = self::toWire($item, $shape);
        }
        return $wire;
    }

    /**
     * @param array<int|string, mixed> $fields
     * @param array<string, mixed> $shape
     */
    private static function objectToWire(array $fields, array $shape): JsonObject
    {
        $wire = [];
        foreach ($fields as $name => $value) {
            $wireName = self::camelCase((string) $name);
            if (array_key_exists($wireName, $wire)) {
                throw new InvalidArgumentException("$wireName is given twice, in two spellings");
            }
            if (!self::isLeftOut($wireName, $value, $shape)) {
                $wire[$wireName] = self::toWire($value, self::shapeOf($wireName, $shape));
            }
        }
        return new JsonObject($wire);
    }

    /**
     * @return array<int|string, mixed>|null
     */
    private static function fieldsOf(mixed $value): ?array
    {
        return match (true) {
            is_array($value) => $value,
            $value instanceof JsonObject => $value->toArray(),
            $value instanceof Model => iterator_to_array($value),
            $value instanceof \stdClass => get_object_vars($value),
            default => null,
        };
    }

    /**
     * @return list<string>
     */
    private static function pairs(string $name, mixed $value): array
    {
        if ($value === null || $value === NotGiven::Value) {
            return [];
        }
        if (!is_array($value)) {
            $text = self::utf8($name, self::queryText($name, $value));
            return [rawurlencode(self::utf8('a name in the query', $name)) . '=' . rawurlencode($text)];
        }
        $pairs = [];
        foreach ($value as $key => $entry) {
            array_push($pairs, ...self::pairs("{$name}[{$key}]", $entry));
        }
        return $pairs;
    }

    private static function queryText(string $name, mixed $value): string
    {
        return match (true) {
            is_bool($value) => $value ? 'true' : 'false',
            is_string($value) => $value,
            is_int($value), is_float($value) && is_finite($value) => (string) json_encode($value),
            $value instanceof \DateTimeInterface => self::instant($value),
            $value instanceof \BackedEnum => (string) $value->value,
            default => throw new InvalidArgumentException(
                sprintf('%s is a text, a number or a date; got a %s', $name, get_debug_type($value)),
            ),
        };
    }

    private static function utf8(string $what, string $text): string
    {
        if (preg_match('//u', $text) !== 1) {
            throw new InvalidArgumentException("$what is not UTF-8");
        }
        return $text;
    }
}
