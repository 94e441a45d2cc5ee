// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.models.files.ModelFileException;
import org.sextant.models.optimiser.Optimiser;

/** Who moves a graph's weights. */
public enum Updating {
    /** AdamW with the phase's learning rate, schedule and clipping, over the weights where they lie in the graph. */
    OURS {
        @Override
        void requireFits(ComputationGraph graph) {
            if (graph.params().dataType() != DataType.FLOAT) {
                throw new ModelFileException("the graph's weights are "
                        + graph.params().dataType()
                        + ", and our AdamW moves FLOAT: set updater = own, or make the graph with dataType(FLOAT)");
            }
        }

        @Override
        Optimiser optimiser(GraphNetwork network, OptimiserSettings settings, long totalSteps) {
            return new OurUpdater(network, settings, totalSteps);
        }
    },
    /** What the graph was configured with; the phase's learning rate, schedule and clipping do not count then. */
    OWN {
        @Override
        Optimiser optimiser(GraphNetwork network, OptimiserSettings settings, long totalSteps) {
            return new OwnUpdater(network.graph(), network.gradients());
        }
    };

    /** Lower-case name in files. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws ModelFileException if the graph's weights cannot be moved so */
    void requireFits(ComputationGraph graph) {
        // What a graph was configured with fits it.
    }

    abstract Optimiser optimiser(GraphNetwork network, OptimiserSettings settings, long totalSteps);
}
