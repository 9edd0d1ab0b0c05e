// Owns keeping the JDK from sending a GET again by itself when its connection is lost.
// Does not retry: Retry decides that, and a call with retries(0) is one request.
// Always: only on Java versions it was tried on; elsewhere the JDK's one quiet resend of a read
// stays.
package co.commet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.atomic.AtomicBoolean;

/** An empty body that is asked for its length once for each time the request is sent. */
final class SentOnce implements BodyPublisher {
  private static final Set<Integer> TRIED_ON = Set.of(17);

  private static final String LOST = "the connection was lost before the answer began";

  private final AtomicBoolean sent = new AtomicBoolean();

  private SentOnce() {}

  static BodyPublisher publisher(String method, byte[] body) {
    if (body != null) {
      return BodyPublishers.ofByteArray(body);
    }
    boolean isResent = method.equals("GET") && TRIED_ON.contains(Runtime.version().feature());
    return isResent ? new SentOnce() : BodyPublishers.noBody();
  }

  @Override
  public long contentLength() {
    if (sent.getAndSet(true)) {
      throw new UncheckedIOException(LOST, new IOException(LOST));
    }
    return 0;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    BodyPublishers.noBody().subscribe(subscriber);
  }
}
