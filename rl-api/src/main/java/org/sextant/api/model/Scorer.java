// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import java.util.Map;
import java.util.Set;
import org.sextant.api.experience.Experience;
import org.sextant.api.output.Output;

/** A model that given answers can be scored with, without a gradient. */
public interface Scorer {
    /** Which model this is. */
    ModelView view();

    /**
     * Outputs for every token or state of a batch; entries outside the response mask are 0 for TOKEN outputs.
     *
     * @param temperature logits are divided by it
     */
    Map<Output, double[]> score(Experience batch, Set<Output> outputs, double temperature);
}
