<?php

declare(strict_types=1);

namespace Commet;

/**
 * A JSON object that a PHP array could not tell from a list: an empty one, or one whose keys are 0, 1, 2 and so on.
 *
 * Answers hold one only inside free-form data (below metadata), so that what was read can be sent again as it was.
 * Pass one to say the same: metadata: ['flags' => new JsonObject()]. Reads like an array; read-only.
 *
 * @implements \ArrayAccess<int|string, mixed>
 * @implements \IteratorAggregate<int|string, mixed>
 */
final class JsonObject implements \ArrayAccess, \Countable, \IteratorAggregate, \JsonSerializable
{
    /**
     * @param array<int|string, mixed> $fields
     */
    public function __construct(private readonly array $fields = [])
    {
    }

    /**
     * @return array<int|string, mixed>
     */
    public function toArray(): array
    {
        return $this->fields;
    }

    public function offsetExists(mixed $offset): bool
    {
        return isset($this->fields[$offset]);
    }

    public function offsetGet(mixed $offset): mixed
    {
        return $this->fields[$offset];
    }

    public function offsetSet(mixed $offset, mixed $value): void
    {
        throw new \LogicException('A JsonObject is read-only; toArray() gives an array to change');
    }

    public function offsetUnset(mixed $offset): void
    {
        throw new \LogicException('A JsonObject is read-only; toArray() gives an array to change');
    }

    public function count(): int
    {
        return count($this->fields);
    }

    /**
     * @return \ArrayIterator<int|string, mixed>
     */
    public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->fields);
    }

    public function jsonSerialize(): object
    {
        return (object) $this->fields;
    }
}
