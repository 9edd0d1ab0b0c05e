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
    private ApiResponse<List<T>> page;
    private Iterator<T> rows = List.<T>of().iterator();

    Rows(String cursor, Function<String, ApiResponse<List<T>>> fetch) {
      this.cursor = cursor;
      this.fetch = fetch;
    }

    @Override
    public boolean hasNext() {
      while (!rows.hasNext() && !isLast()) {
        turn();
      }
      return rows.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return rows.next();
    }

    private boolean isLast() {
      return page != null && (!page.isHasMore() || page.getNextCursor() == null);
    }

    private void turn() {
      if (page != null) {
        if (page.getNextCursor().equals(cursor)) {
          throw Answer.repeatedPage(page.getStatusCode(), page.getRequestId());
        }
        cursor = page.getNextCursor();
      }
      page = fetch.apply(cursor);
      rows = page.getData().iterator();
    }
  }
}
