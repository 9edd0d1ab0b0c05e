// Owns reading the body of an answer within what is left of its time.
// Does not know what the body means (Answer does).
// Always: HttpRequest.timeout ends with the head; a body that stalls is left, and its connection
// closed.
package co.commet;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Handed over as soon as the head is there; the bytes follow. */
final class Body implements BodySubscriber<Body> {
  private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
  private volatile Subscription subscription;

  byte[] bytes(long nanos) throws InterruptedException, ExecutionException, TimeoutException {
    boolean complete = false;
    try {
      byte[] all = bytes.getBody().toCompletableFuture().get(nanos, TimeUnit.NANOSECONDS);
      complete = true;
      return all;
    } finally {
      if (!complete && subscription != null) {
        subscription.cancel();
      }
    }
  }

  @Override
  public CompletionStage<Body> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    bytes.onSubscribe(given);
  }

  @Override
  public void onNext(List<ByteBuffer> item) {
    bytes.onNext(item);
  }

  @Override
  public void onError(Throwable failure) {
    bytes.onError(failure);
  }

  @Override
  public void onComplete() {
    bytes.onComplete();
  }
}
