<?php

/*
 * Owns the outside world of these tests: a loopback HTTP server that misbehaves on command. Runs as a process of its
 * own; Stub.php talks to it, one line of JSON each way.
 */

declare(strict_types=1);

namespace Commet\Tests;

final class StubServer
{
    private const FIRST_BYTES = '{"success":true,"data":{"id":"cus_';

    /** @var list<array<string, mixed>> */
    private array $replies = [];

    /** @var list<array<string, mixed>> */
    private array $seen = [];

    /** @var array<int, array{socket: resource, read: string, fault: string|null}> */
    private array $clients = [];

    /** @param resource $listening */
    public function __construct(private $listening)
    {
    }

    public function run(): void
    {
        while (true) {
            $sockets = array_column($this->clients, 'socket');
            $ready = [STDIN, $this->listening, ...$sockets];
            $none = null;
            $trickles = in_array('trickle', array_column($this->clients, 'fault'), true);
            if (stream_select($ready, $none, $none, $trickles ? 0 : null, $trickles ? 20_000 : 0) === false) {
                return;
            }
            foreach ($ready as $stream) {
                match (true) {
                    $stream === STDIN => $this->takeOrder(),
                    $stream === $this->listening => $this->accept(),
                    default => $this->receive((int) $stream),
                };
            }
            $this->trickle();
        }
    }

    private function takeOrder(): void
    {
        $line = fgets(STDIN);
        if ($line === false) {
            exit(0);
        }
        $order = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
        if ($order['do'] === 'start') {
            foreach (array_keys($this->clients) as $id) {
                $this->close($id);
            }
            $this->replies = $order['replies'];
            $this->seen = [];
        }
        fwrite(STDOUT, json_encode($order['do'] === 'seen' ? $this->seen : true, JSON_THROW_ON_ERROR) . "\n");
    }

    private function accept(): void
    {
        $socket = @stream_socket_accept($this->listening, 0);
        if ($socket !== false) {
            stream_set_blocking($socket, false);
            $this->clients[(int) $socket] = ['socket' => $socket, 'read' => '', 'fault' => null];
        }
    }

    private function receive(int $id): void
    {
        if (!isset($this->clients[$id])) {
            return;
        }
        $bytes = fread($this->clients[$id]['socket'], 65_536);
        if ($bytes === '' || $bytes === false) {
            $this->close($id);
            return;
        }
        if ($this->clients[$id]['fault'] !== null) {
            return;
        }
        $this->clients[$id]['read'] .= $bytes;
        $request = self::whole($this->clients[$id]['read']);
        if ($request !== null) {
            $this->seen[] = $request + ['connection' => $id];
            $this->clients[$id]['read'] = '';
            $this->answer($id, count($this->replies) > 1 ? array_shift($this->replies) : $this->replies[0]);
        }
    }

    /** @return array<string, mixed>|null nothing while bytes are missing */
    private static function whole(string $read): ?array
    {
        $end = strpos($read, "\r\n\r\n");
        if ($end === false) {
            return null;
        }
        $lines = explode("\r\n", substr($read, 0, $end));
        [$method, $target] = explode(' ', (string) array_shift($lines));
        $headers = [];
        foreach ($lines as $line) {
            [$name, $value] = explode(':', $line, 2);
            $headers[strtolower($name)] = trim($value);
        }
        $body = substr($read, $end + 4);
        if (strlen($body) < (int) ($headers['content-length'] ?? 0)) {
            return null;
        }
        return ['method' => $method, 'target' => $target, 'headers' => $headers, 'body' => base64_encode($body)];
    }

    /** @param array<string, mixed> $reply */
    private function answer(int $id, array $reply): void
    {
        $fault = $reply['fault'] ?? null;
        if ($fault === 'reset') {
            $this->close($id);
            return;
        }
        if ($fault !== 'silence') {
            $this->write($id, $reply, in_array($fault, ['cut', 'stall', 'trickle'], true));
        }
        if ($reply['keep'] ?? false) {
            return;
        }
        if ($fault === null || $fault === 'cut') {
            $this->close($id);
            return;
        }
        $this->clients[$id]['fault'] = $fault;
    }

    /** @param array<string, mixed> $reply */
    private function write(int $id, array $reply, bool $partial): void
    {
        $body = $partial ? self::FIRST_BYTES : (string) base64_decode($reply['body'], true);
        $lines = ['HTTP/1.1 ' . ($partial ? 200 : $reply['status']) . ' Told'];
        foreach ($reply['headers'] + ['connection' => 'close'] as $name => $value) {
            $lines[] = "$name: $value";
        }
        if ($partial || $reply['status'] !== 204) {
            $lines[] = 'content-length: ' . ($partial ? 1000 : strlen($body));
        }
        $text = implode("\r\n", $lines) . "\r\n\r\n" . $body;
        stream_set_blocking($this->clients[$id]['socket'], true);
        fwrite($this->clients[$id]['socket'], $text);
        stream_set_blocking($this->clients[$id]['socket'], false);
    }

    private function trickle(): void
    {
        foreach ($this->clients as $id => $client) {
            if ($client['fault'] === 'trickle' && @fwrite($client['socket'], ' ') === false) {
                $this->close($id);
            }
        }
    }

    private function close(int $id): void
    {
        fclose($this->clients[$id]['socket']);
        unset($this->clients[$id]);
    }
}

$listening = stream_socket_server('tcp://127.0.0.1:0');
if ($listening === false) {
    exit(1);
}
fwrite(STDOUT, json_encode(stream_socket_get_name($listening, false)) . "\n");
(new StubServer($listening))->run();
