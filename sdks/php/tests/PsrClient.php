<?php

declare(strict_types=1);

namespace Commet\Tests;

use Commet\Core\CurlSender;
use Commet\Core\WireRequest;
use Commet\Exceptions\ConnectionException;
use GuzzleHttp\Psr7\Response;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

/**
 * A PSR-18 client as an application brings it, with its own time limit.
 */
final class PsrClient implements ClientInterface
{
    public int $sent = 0;

    public function __construct(private readonly float $timeout = 30.0)
    {
    }

    public function sendRequest(RequestInterface $request): ResponseInterface
    {
        $this->sent++;
        $headers = array_map(static fn (array $values): string => implode(', ', $values), $request->getHeaders());
        $body = (string) $request->getBody();
        try {
            $answer = (new CurlSender())->send(new WireRequest(
                $request->getMethod(),
                (string) $request->getUri(),
                array_diff_key($headers, ['Host' => true]),
                $body === '' ? null : $body,
                $this->timeout,
            ));
        } catch (ConnectionException $cause) {
            $timedOut = $cause->errorCode === 'TIMEOUT';
            throw new PsrNetworkException($timedOut ? 'Operation timed out' : $cause->getMessage(), $request);
        }
        return new Response($answer->status, $answer->headers, $answer->body);
    }
}
