<?php

declare(strict_types=1);

namespace Commet\Tests;

/**
 * The tests' side of stub-server.php: says what the next requests are answered, and what they were.
 */
final class Stub
{
    private static ?self $shared = null;

    public readonly string $url;

    /** @var resource */
    private $process;

    /** @var array<int, resource> */
    private array $pipes = [];

    private function __construct()
    {
        $process = proc_open(
            [PHP_BINARY, __DIR__ . '/stub-server.php'],
            [['pipe', 'r'], ['pipe', 'w'], STDERR],
            $this->pipes,
        );
        if ($process === false) {
            throw new \RuntimeException('The stub did not start');
        }
        $this->process = $process;
        $this->url = 'http://' . $this->line();
    }

    public function __destruct()
    {
        array_map('fclose', $this->pipes);
        proc_terminate($this->process);
        proc_close($this->process);
    }

    public static function shared(): self
    {
        return self::$shared ??= new self();
    }

    /**
     * In order, the last one again and again.
     *
     * @param array<string, mixed> ...$replies
     */
    public function start(array ...$replies): void
    {
        $this->order(['do' => 'start', 'replies' => array_values($replies)]);
    }

    /**
     * @return list<Seen>
     */
    public function requests(): array
    {
        return array_map(
            static fn (array $seen): Seen => new Seen(
                $seen['method'],
                $seen['target'],
                $seen['headers'],
                (string) base64_decode($seen['body'], true),
                $seen['connection'],
            ),
            $this->order(['do' => 'seen']),
        );
    }

    /**
     * @param array<string, string> $headers
     *
     * @return array<string, mixed>
     */
    public static function text(int $status, string $text, array $headers = []): array
    {
        return ['status' => $status, 'headers' => $headers, 'body' => base64_encode($text)];
    }

    /**
     * @param array<string, string> $headers
     *
     * @return array<string, mixed>
     */
    public static function json(int $status, mixed $body, array $headers = []): array
    {
        $text = json_encode($body, JSON_THROW_ON_ERROR | JSON_PRESERVE_ZERO_FRACTION);
        return self::text($status, $text, ['content-type' => 'application/json'] + $headers);
    }

    /**
     * @return array<string, mixed>
     */
    public static function ok(mixed $data): array
    {
        return self::json(200, ['success' => true, 'data' => $data], ['x-request-id' => 'req_stub']);
    }

    /**
     * The same, and the connection stays open for more requests.
     *
     * @return array<string, mixed>
     */
    public static function kept(mixed $data): array
    {
        return ['keep' => true] + self::json(200, ['success' => true, 'data' => $data], ['connection' => 'keep-alive']);
    }

    /**
     * @param array<string, string> $headers
     *
     * @return array<string, mixed>
     */
    public static function failure(int $status, string $code, array $headers = []): array
    {
        $error = ['type' => 'conflict_error', 'code' => $code, 'message' => "It is $code"];
        return self::json($status, ['success' => false, 'error' => $error], $headers);
    }

    /**
     * @return array<string, mixed>
     */
    public static function fault(string $fault): array
    {
        return ['fault' => $fault, 'headers' => ['content-type' => 'application/json']];
    }

    /** @param array<string, mixed> $order */
    private function order(array $order): mixed
    {
        $line = json_encode($order, JSON_THROW_ON_ERROR | JSON_FORCE_OBJECT) . "\n";
        for ($sent = 0; $sent < strlen($line);) {
            $sent += (int) fwrite($this->pipes[0], substr($line, $sent));
        }
        fflush($this->pipes[0]);
        return $this->line();
    }

    private function line(): mixed
    {
        $line = fgets($this->pipes[1]);
        if ($line === false) {
            throw new \RuntimeException('The stub is gone');
        }
        return json_decode($line, true, 512, JSON_THROW_ON_ERROR);
    }
}
