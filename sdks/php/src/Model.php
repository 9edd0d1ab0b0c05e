<?php

declare(strict_types=1);

namespace Commet;

/**
 * Owns results: what a JSON object of the API becomes.
 *
 * Does not check values against what is documented: a server may be newer than this package.
 * Always: keys inside free-form maps (metadata) and inside fields this version does not know stay as sent.
 *
 * Fields are properties and keys alike: $customer->id, $customer['id']. Read-only. Fields that a newer server adds are
 * there too; a documented field that an answer does not hold is null.
 *
 * @implements \ArrayAccess<string, mixed>
 * @implements \IteratorAggregate<string, mixed>
 */
abstract class Model implements \ArrayAccess, \Countable, \IteratorAggregate, \JsonSerializable
{
    /** Every documented field. */
    protected const FIELDS = [];

    /** Fields that hold a model, or a list of them. */
    protected const MODELS = [];

    /** Fields that hold a free-form map. */
    protected const MAPS = [];

    /**
     * @param array<int|string, mixed> $fields
     */
    final private function __construct(private readonly array $fields)
    {
    }

    /**
     * @internal
     *
     * @param array<int|string, mixed> $fields as they came off the wire
     */
    final public static function fromWire(array $fields): static
    {
        foreach (static::MODELS as $name => $model) {
            if (isset($fields[$name])) {
                $fields[$name] = self::read($model, $fields[$name]);
            }
        }
        foreach (static::MAPS as $name) {
            if (($fields[$name] ?? null) instanceof JsonObject) {
                $fields[$name] = $fields[$name]->toArray();
            }
        }
        return new static($fields);
    }

    /**
     * A JSON object becomes the model, a list a list of it; anything else stays what it is.
     *
     * @internal
     *
     * @param class-string<self> $model
     */
    final public static function read(string $model, mixed $value): mixed
    {
        if ($value instanceof JsonObject) {
            return $model::fromWire($value->toArray());
        }
        if (!is_array($value)) {
            return $value;
        }
        if (!array_is_list($value)) {
            return $model::fromWire($value);
        }
        return array_map(static fn (mixed $item): mixed => self::read($model, $item), $value);
    }

    final public function __get(string $name): mixed
    {
        if (array_key_exists($name, $this->fields)) {
            return $this->fields[$name];
        }
        // It may be absent in another version of the API.
        if (in_array($name, static::FIELDS, true)) {
            return null;
        }
        throw new \OutOfBoundsException(sprintf('%s has no field %s', static::class, $name));
    }

    final public function __isset(string $name): bool
    {
        return isset($this->fields[$name]);
    }

    final public function __set(string $name, mixed $value): void
    {
        throw self::readOnly();
    }

    final public function __unset(string $name): void
    {
        throw self::readOnly();
    }

    final public function offsetExists(mixed $offset): bool
    {
        return isset($this->fields[$offset]);
    }

    final public function offsetGet(mixed $offset): mixed
    {
        return $this->__get((string) $offset);
    }

    final public function offsetSet(mixed $offset, mixed $value): void
    {
        throw self::readOnly();
    }

    final public function offsetUnset(mixed $offset): void
    {
        throw self::readOnly();
    }

    final public function count(): int
    {
        return count($this->fields);
    }

    /**
     * @return \ArrayIterator<int|string, mixed>
     */
    final public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->fields);
    }

    /**
     * The fields as plain arrays, all the way down.
     *
     * @return array<int|string, mixed>
     */
    final public function toArray(): array
    {
        return array_map(self::plain(...), $this->fields);
    }

    final public function jsonSerialize(): object
    {
        // A cast alone would lose that an empty map is an object.
        $maps = array_filter($this->fields, 'is_array');
        $objects = array_map(
            static fn (array $map): object => new JsonObject($map),
            array_intersect_key($maps, array_flip(static::MAPS)),
        );
        return (object) array_replace($this->fields, $objects);
    }

    /**
     * @return array<int|string, mixed>
     */
    final public function __debugInfo(): array
    {
        return $this->fields;
    }

    private static function plain(mixed $value): mixed
    {
        if ($value instanceof self || $value instanceof JsonObject) {
            $value = $value->toArray();
        }
        return is_array($value) ? array_map(self::plain(...), $value) : $value;
    }

    private static function readOnly(): \LogicException
    {
        return new \LogicException(sprintf('%s is read-only; to change it, call update', static::class));
    }
}
