<?php

declare(strict_types=1);

namespace Commet;

use Commet\Core\Caller;
use Commet\Core\Config;
use Commet\Core\CurlSender;
use Commet\Core\Psr18Sender;
use Commet\Core\Timing;
use Commet\Core\Transport;
use Commet\Exceptions\CommetException;
use Commet\Exceptions\InvalidArgumentException;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\StreamFactoryInterface;

/**
 * A client of one Commet server, for one environment.
 *
 * Every call may throw ApiException (the server refused; ValidationException for bad fields), ConnectionException or
 * TimeoutException (no answer, after all retries), and InvalidArgumentException before anything is sent.
 */
final class Commet extends Resources
{
    private readonly Transport $transport;
    private readonly Caller $caller;

    /**
     * @param string|null $apiKey ck_sandbox_… or ck_live_…; the key decides the environment
     * @param string|null $baseUrl where the server is; a path in it is kept. Without one, COMMET_BASE_URL as
     *     the environment, $_SERVER or $_ENV has it, else http://localhost:3000
     * @param string $apiVersion version of the API, YYYY-MM-DD
     * @param float $timeout seconds one attempt may take, reading the answer included
     * @param int $retries attempts after the first one
     * @param ClientInterface|null $httpClient any PSR-18 client, for proxies, certificates and tracing; its own time
     *     limits and redirects rule. Without one, PHP's cURL extension
     * @param RequestFactoryInterface|null $requestFactory for httpClient, where it makes no requests itself and
     *     neither guzzlehttp/psr7 nor nyholm/psr7 is installed
     * @param StreamFactoryInterface|null $streamFactory for httpClient likewise
     *
     * @throws InvalidArgumentException
     */
    public function __construct(
        #[\SensitiveParameter] ?string $apiKey = null,
        ?string $baseUrl = null,
        string $apiVersion = Version::API,
        float $timeout = Config::DEFAULT_TIMEOUT,
        int $retries = Config::DEFAULT_RETRIES,
        ?ClientInterface $httpClient = null,
        ?RequestFactoryInterface $requestFactory = null,
        ?StreamFactoryInterface $streamFactory = null,
    ) {
        $config = Config::checked($apiKey, $baseUrl, $apiVersion, $timeout, $retries);
        $sender = $httpClient === null
            ? new CurlSender()
            : Psr18Sender::of($httpClient, $requestFactory, $streamFactory);
        $this->attach(new Transport($config, $sender, new Timing()));
    }

    /**
     * The same client, on the same connection, with other options: $commet->withOptions(timeout: 2.0).
     */
    public function withOptions(?string $apiVersion = null, ?float $timeout = null, ?int $retries = null): self
    {
        $config = $this->transport->config->changed($apiVersion, $timeout, $retries);
        $copy = (new \ReflectionClass(self::class))->newInstanceWithoutConstructor();
        $copy->attach(new Transport($config, $this->transport->sender, $this->transport->timing));
        return $copy;
    }

    /**
     * Any operation, also one this version of the package has no method for; data is the JSON as sent.
     *
     * @param string $path below /api/v1, its identifiers percent-encoded
     * @param array<string, mixed> $query
     * @param array<int|string, mixed>|JsonObject|null $body sent as a JSON object, keys untouched
     *
     * @return ApiResponse<mixed>
     *
     * @throws CommetException
     * @throws InvalidArgumentException
     */
    public function request(
        string $method,
        string $path,
        array $query = [],
        array|JsonObject|null $body = null,
        ?string $idempotencyKey = null,
    ): ApiResponse {
        $object = is_array($body) ? new JsonObject($body) : $body;
        return $this->caller->request(null, $method, $path, $query, $object, $idempotencyKey);
    }

    /**
     * Printing a client never shows its API key.
     *
     * @return array<string, mixed>
     */
    public function __debugInfo(): array
    {
        return ['baseUrl' => $this->transport->config->baseUrl];
    }

    private function attach(Transport $transport): void
    {
        $this->transport = $transport;
        $this->caller = new Caller($transport);
        parent::__construct($this->caller);
    }
}
