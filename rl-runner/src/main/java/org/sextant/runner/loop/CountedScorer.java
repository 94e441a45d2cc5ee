// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.util.Map;
import java.util.Set;
import org.sextant.api.experience.Experience;
import org.sextant.api.metrics.Ledger;
import org.sextant.api.model.ModelView;
import org.sextant.api.model.Scorer;
import org.sextant.api.output.Output;
import org.sextant.models.SequenceModel;

/** A frozen model whose forward passes are entered in the ledger. */
record CountedScorer(SequenceModel model, Ledger ledger) implements Scorer {
    @Override
    public ModelView view() {
        return model.view();
    }

    @Override
    public Map<Output, double[]> score(Experience batch, Set<Output> outputs, double temperature) {
        ledger.add("forward/" + model.role().key(), batch.layout().tokens());
        return model.score(batch, outputs, temperature);
    }
}
