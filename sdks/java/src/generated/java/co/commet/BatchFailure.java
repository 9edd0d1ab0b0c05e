// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

import java.util.Map;

/** An item of a batch that broke a rule. */
public final class BatchFailure extends Model {
  private long index;
  private String error;
  private Map<String, Object> data;

  private BatchFailure() {}

  /** Position in the request, from 0. */
  public long getIndex() {
    return index;
  }

  /** What was wrong, in words. */
  public String getError() {
    return error;
  }

  /** The item as it was sent. */
  public Map<String, Object> getData() {
    return readOnly(data);
  }
}
