<?php

declare(strict_types=1);

namespace Commet\Core;

use Commet\Exceptions\ConnectionException;
use Commet\Exceptions\InvalidArgumentException;
use Commet\Exceptions\TimeoutException;

/**
 * Sends through PHP's cURL extension, on one connection that stays open between calls.
 *
 * @internal
 */
final class CurlSender implements Sender
{
    private const LONGEST_MS = 2_147_483_647;
    private const READ_HEADERS = '/^(x-request-id|retry-after|location)[ \t]*:[ \t]*(.*?)[ \t]*\r?$/mi';

    private readonly \CurlHandle $handle;

    public function __construct()
    {
        if (!extension_loaded('curl')) {
            throw new InvalidArgumentException('PHP has no cURL extension; install it or pass a PSR-18 httpClient');
        }
        $this->handle = curl_init();
    }

    public function send(WireRequest $request): WireAnswer
    {
        $head = '';
        // Keeps the connection, forgets everything else.
        curl_reset($this->handle);
        curl_setopt_array($this->handle, self::options($request) + [
            CURLOPT_HEADERFUNCTION => static function (\CurlHandle $handle, string $line) use (&$head): int {
                // A proxy's or an interim answer may have come first.
                $head = str_starts_with($line, 'HTTP/') ? '' : $head . $line;
                return strlen($line);
            },
        ]);
        $body = curl_exec($this->handle);
        if ($body === false) {
            throw $this->noAnswer($request);
        }
        $status = curl_getinfo($this->handle, CURLINFO_RESPONSE_CODE);
        return new WireAnswer($status, self::headers($head), (string) $body);
    }

    /**
     * @return array<int, mixed>
     */
    private static function options(WireRequest $request): array
    {
        $limit = (int) min(max(ceil($request->timeout * 1000), 1), self::LONGEST_MS);
        // An empty Expect keeps cURL from asking leave to send a long body, a round trip that gains nothing here.
        $lines = ['expect:'];
        foreach ($request->headers as $name => $value) {
            $lines[] = "$name: $value";
        }
        return [
            CURLOPT_URL => $request->url,
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTPHEADER => $lines,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_PATH_AS_IS => true,
            CURLOPT_ENCODING => '',
            CURLOPT_NOSIGNAL => true,
            CURLOPT_FRESH_CONNECT => !self::mayBeRepeated($request),
            CURLOPT_TIMEOUT_MS => $limit,
            CURLOPT_CONNECTTIMEOUT_MS => $limit,
        ] + ($request->body === null ? [] : [CURLOPT_POSTFIELDS => $request->body]);
    }

    /** cURL itself sends again what a kept connection swallowed as it died; the server may have acted on it. */
    private static function mayBeRepeated(WireRequest $request): bool
    {
        return $request->method === 'GET' || isset($request->headers['idempotency-key']);
    }

    /**
     * @return array<string, string> those that somebody reads, by name in lower case; of several the first
     */
    private static function headers(string $head): array
    {
        preg_match_all(self::READ_HEADERS, $head, $found, PREG_SET_ORDER);
        $headers = [];
        foreach ($found as [, $name, $value]) {
            $headers[strtolower($name)] ??= $value;
        }
        return $headers;
    }

    private function noAnswer(WireRequest $request): ConnectionException
    {
        if (curl_errno($this->handle) === CURLE_OPERATION_TIMEDOUT) {
            return new TimeoutException("No answer from the Commet server within {$request->timeout} s");
        }
        return new ConnectionException('No answer from the Commet server: ' . curl_error($this->handle));
    }
}
