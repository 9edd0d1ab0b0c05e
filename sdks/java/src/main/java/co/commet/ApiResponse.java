// Owns what one successful call returns.
// Does not hold refusals: those are thrown.
// Always: immutable.
package co.commet;

/**
 * What one call returns: the data, and how it came.
 *
 * @param <T> the resource, or a list of them
 */
public final class ApiResponse<T> {
  private final T data;
  private final int statusCode;
  private final String requestId;
  private final boolean hasMore;
  private final String nextCursor;

  ApiResponse(T data, int statusCode, String requestId, boolean hasMore, String nextCursor) {
    this.data = data;
    this.statusCode = statusCode;
    this.requestId = requestId;
    this.hasMore = hasMore;
    this.nextCursor = nextCursor;
  }

  /** The resource, or the rows of this page. */
  public T getData() {
    return data;
  }

  /** Always true: a refusal is thrown, never returned. */
  public boolean isSuccess() {
    return true;
  }

  /** HTTP status; 201 where something was created, 200 where it was there already. */
  public int getStatusCode() {
    return statusCode;
  }

  /** The {@code x-request-id} of the answer, or null. Keep it: it finds the call in the log. */
  public String getRequestId() {
    return requestId;
  }

  /** Whether there is a page after this one; false for anything but a list. */
  public boolean isHasMore() {
    return hasMore;
  }

  /** The same as {@link #isHasMore()}. */
  public boolean getHasMore() {
    return hasMore;
  }

  /** Pass it as {@code cursor} for the next page; null on the last one. Opaque. */
  public String getNextCursor() {
    return nextCursor;
  }

  @Override
  public String toString() {
    return "ApiResponse{statusCode="
        + statusCode
        + ", requestId="
        + requestId
        + ", hasMore="
        + hasMore
        + ", nextCursor="
        + nextCursor
        + ", data="
        + data
        + "}";
  }
}
