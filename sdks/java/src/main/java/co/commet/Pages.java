// Owns the walk over the pages of a list.
// Does not send (the function passed in does).
// Always: lazy; a page that names itself as its next ends the walk with an exception.
package co.commet;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

final class Pages {
  private Pages() {}

  static <T> Stream<T> stream(String cursor, Function<String, ApiResponse<List<T>>> fetch) {
    int traits = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(new Rows<>(cursor, fetch), traits), false);
  }

  private static final class Rows<T> implements Iterator<T> {
    private final Function<String, ApiResponse<List<T>>> fetch;
    private String cursor;
    private boolean last;
    private Iterator<T> page = List.<T>of().iterator();

    Rows(String cursor, Function<String, ApiResponse<List<T>>> fetch) {
      this.cursor = cursor;
      this.fetch = fetch;
    }

    @Override
    public boolean hasNext() {
      while (!page.hasNext() && !last) {
        turn(fetch.apply(cursor));
      }
      return page.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return page.next();
    }

    private void turn(ApiResponse<List<T>> answer) {
      String next = answer.getNextCursor();
      last = !answer.isHasMore() || next == null;
      page = last || !next.equals(cursor) ? answer.getData().iterator() : repeated();
      cursor = next;
    }

    private Iterator<T> repeated() {
      throw new CommetException(
          "The server answered a page whose next page is itself; the walk was stopped",
          "UNEXPECTED_RESPONSE",
          null);
    }
  }
}
