// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

import java.util.List;

/** What became of every item of a batch. */
public final class BatchResult extends Model {
  private List<Customer> successful;
  private List<BatchFailure> failed;
  private String object;
  private boolean livemode;

  private BatchResult() {}

  public List<Customer> getSuccessful() {
    return readOnly(successful);
  }

  public List<BatchFailure> getFailed() {
    return readOnly(failed);
  }

  public String getObject() {
    return object;
  }

  public boolean isLivemode() {
    return livemode;
  }
}
