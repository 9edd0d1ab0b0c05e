<?php

declare(strict_types=1);

namespace Commet;

use Commet\Exceptions\ApiException;

/**
 * One page of a list. A foreach over it yields its own items, then those of every page after it, one request per page,
 * only as far as the loop goes. $page->data is this page alone.
 *
 * @template T of Model
 *
 * @implements \IteratorAggregate<int, T>
 */
final class Page implements \IteratorAggregate
{
    /**
     * @internal
     *
     * @param list<T> $data
     * @param bool $hasMore whether there is a page after this one
     * @param string|null $nextCursor to pass as cursor for the next page; null on the last one. Opaque
     * @param string|null $requestId the x-request-id of the answer
     * @param \Closure(string): self<T> $fetch
     */
    public function __construct(
        public readonly array $data,
        public readonly bool $hasMore,
        public readonly ?string $nextCursor,
        public readonly int $statusCode,
        public readonly ?string $requestId,
        private readonly ?string $cursor,
        private readonly \Closure $fetch,
    ) {
    }

    /**
     * Every item of this page and of all pages after it.
     *
     * @return \Generator<int, T>
     */
    public function autoPagingIterator(): \Generator
    {
        $page = $this;
        $index = 0;
        while (true) {
            foreach ($page->data as $item) {
                yield $index++ => $item;
            }
            $cursor = $page->next();
            if ($cursor === null) {
                return;
            }
            $page = ($page->fetch)($cursor);
        }
    }

    /**
     * @return \Generator<int, T>
     */
    public function getIterator(): \Generator
    {
        return $this->autoPagingIterator();
    }

    /**
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['data' => $this->data, 'hasMore' => $this->hasMore, 'nextCursor' => $this->nextCursor];
    }

    /** The cursor of the page after this one, if there is one. */
    private function next(): ?string
    {
        if (!$this->hasMore || $this->nextCursor === null) {
            return null;
        }
        if ($this->nextCursor === $this->cursor) {
            throw new ApiException(
                'The server answered a page whose next page is itself; the walk was stopped',
                errorCode: 'UNEXPECTED_RESPONSE',
                statusCode: $this->statusCode,
                requestId: $this->requestId,
            );
        }
        return $this->nextCursor;
    }
}
