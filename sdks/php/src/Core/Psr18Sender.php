<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\ConnectionException;
use Commet\Exceptions\InvalidArgumentException;
use Commet\Exceptions\TimeoutException;
use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * Sends through a PSR-18 client. PSR-18 knows no timeouts and no redirects: both are that client's to set.
 *
 * @internal
 */
final class Psr18Sender implements Sender
{
    /** Classes that make requests and bodies alike, where nothing was passed in and the client does not do it. */
    private const FACTORIES = ['GuzzleHttp\Psr7\HttpFactory', 'Nyholm\Psr7\Factory\Psr17Factory'];

    private function __construct(
        private readonly ClientInterface $client,
        private readonly RequestFactoryInterface $requests,
        private readonly StreamFactoryInterface $streams,
    ) {
    }

    public static function of(
        ClientInterface $client,
        ?RequestFactoryInterface $requests,
        ?StreamFactoryInterface $streams,
    ): self {
        $known = array_filter(self::FACTORIES, 'class_exists');
        $factories = [$requests, $streams, $client, ...array_map(static fn (string $name) => new $name(), $known)];
        foreach ($factories as $factory) {
            $requests ??= $factory instanceof RequestFactoryInterface ? $factory : null;
            $streams ??= $factory instanceof StreamFactoryInterface ? $factory : null;
        }
        if ($requests === null || $streams === null) {
            throw new InvalidArgumentException(
                'httpClient needs PSR-17 factories: pass requestFactory and streamFactory',
            );
        }
        return new self($client, $requests, $streams);
    }

    public function send(WireRequest $request): WireAnswer
    {
        try {
            $response = $this->client->sendRequest($this->message($request));
            return new WireAnswer($response->getStatusCode(), self::headers($response), (string) $response->getBody());
        } catch (ClientExceptionInterface | \RuntimeException $cause) {
            // The body is read from the network too, and a stream throws what it likes.
            throw self::noAnswer($cause);
        }
    }

    private function message(WireRequest $request): RequestInterface
    {
        $message = $this->requests->createRequest($request->method, $request->url);
        foreach ($request->headers as $name => $value) {
            $message = $message->withHeader($name, $value);
        }
        return $request->body === null ? $message : $message->withBody($this->streams->createStream($request->body));
    }

    /**
     * @return array<string, string>
     */
    private static function headers(ResponseInterface $response): array
    {
        $headers = [];
        foreach ($response->getHeaders() as $name => $values) {
            $headers[strtolower((string) $name)] = (string) reset($values);
        }
        return $headers;
    }

    private static function noAnswer(\Throwable $cause): ConnectionException
    {
        $reason = $cause->getMessage() === '' ? $cause::class : $cause->getMessage();
        // PSR-18 has no exception of its own for a timeout; every client says it in words.
        return preg_match('/time[d-]?[ -]?out/i', $reason) === 1
            ? new TimeoutException("No answer from the Commet server in time: $reason")
            : new ConnectionException("No answer from the Commet server: $reason");
    }
}
