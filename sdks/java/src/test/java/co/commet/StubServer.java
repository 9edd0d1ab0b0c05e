// Owns the outside world of these tests: a loopback HTTP server that misbehaves on command.
// Does not know the API; each test says what is answered.
// Always: requests are kept byte for byte, in order of arrival; every answer closes its connection.
package co.commet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

final class StubServer implements AutoCloseable {
  /** One request as it came; header names in lower case. */
  record Seen(String method, String target, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** What to do with one request. */
  interface Reply {
    void to(Socket connection) throws IOException;
  }

  private static final String HALF = "{\"success\":true,\"data\":{\"id\":\"cus_";

  private final ServerSocket listener;
  private final List<Seen> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();

  StubServer(Reply... replies) {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException cause) {
      throw new IllegalStateException(cause);
    }
    this.replies.addAll(List.of(replies));
    Thread thread = new Thread(this::accept, "stub");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  List<Seen> requests() {
    return requests;
  }

  /** A client of this stub. */
  Commet.Builder client() {
    return Commet.builder().apiKey("ck_sandbox_0123456789abcdef").baseUrl(url());
  }

  static Reply json(int status, String body, String... headers) {
    String[] all = new String[headers.length + 1];
    System.arraycopy(headers, 0, all, 1, headers.length);
    all[0] = "content-type: application/json";
    return raw(status, body, all);
  }

  static Reply raw(int status, String body, String... headers) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return connection -> {
      write(connection, status, bytes.length, head, bytes);
      connection.close();
    };
  }

  static Reply reset() {
    return Socket::close;
  }

  static Reply silence() {
    return connection -> {};
  }

  static Reply cut() {
    return connection -> {
      stall().to(connection);
      connection.close();
    };
  }

  static Reply stall() {
    return connection -> write(connection, 200, 1000, "", HALF.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Socket connection, int status, int length, String head, byte[] body)
      throws IOException {
    String start =
        "HTTP/1.1 %d Stub\r\nconnection: close\r\ncontent-length: %d\r\n%s\r\n"
            .formatted(status, length, head);
    connection.getOutputStream().write(start.getBytes(StandardCharsets.UTF_8));
    connection.getOutputStream().write(body);
    connection.getOutputStream().flush();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        open.add(connection);
        Seen request = read(connection.getInputStream());
        if (request == null) {
          connection.close();
          continue;
        }
        requests.add(request);
        Reply reply = replies.poll();
        (reply == null ? json(599, "{\"error\":{\"code\":\"unexpected_request\"}}") : reply)
            .to(connection);
      } catch (IOException left) {
        // The client went away, or the stub was closed.
      }
    }
  }

  private static Seen read(InputStream input) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int octet = input.read();
      if (octet < 0) {
        return null;
      }
      head.write(octet);
    }
    String[] lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n");
    Map<String, String> headers = new TreeMap<>();
    for (int index = 1; index < lines.length; index++) {
      int colon = lines[index].indexOf(':');
      String name = lines[index].substring(0, colon).toLowerCase(Locale.ROOT);
      headers.put(name, lines[index].substring(colon + 1).strip());
    }
    String[] start = lines[0].split(" ");
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Seen(start[0], start[1], headers, input.readNBytes(length));
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket connection : open) {
        connection.close();
      }
    } catch (IOException cause) {
      throw new IllegalStateException(cause);
    }
  }
}
