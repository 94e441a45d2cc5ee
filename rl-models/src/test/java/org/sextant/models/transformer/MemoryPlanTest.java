// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sextant.models.kernels.MemorySizes;
import org.sextant.models.kernels.WeightFormat;

class MemoryPlanTest {
    /** 2 layers of 8, 4 heads of 6 over 2, 10 wide inside: 11·8 + 2·(2·8 + 48·8 + 8·24 + 3·8·10) + 8 numbers. */
    private static final TransformerConfig CONFIG =
            TransformerConfig.llama(11, 8, 2, 4, 2, 6, 10, 64, 100, 1e-5, true, List.of(0), OptionalInt.empty());

    private static final int BASE = 88 + 2 * (16 + 384 + 192 + 240) + 8;

    private static MemoryPlan plan(Optional<AdapterSettings> adapter, boolean embeddings, int layers, int trained) {
        var model = new MemoryPlan.Model(CONFIG, Set.of(), WeightFormat.FLOAT, adapter, false, embeddings, layers);
        return MemoryPlan.of(model, 0, trained, MemorySizes.plain(1));
    }

    @Test
    @DisplayName("Weights by hand: all are trained, or those of an adapter, or what is not frozen")
    void weights() {
        MemoryPlan whole = plan(Optional.empty(), false, 0, 0);
        assertThat(whole).isEqualTo(new MemoryPlan(BASE, 0, BASE, 0, 0));
        assertThat(CONFIG.parameterCount()).isEqualTo(BASE);
        AdapterSettings adapter = new AdapterSettings(3, 6, 0, List.of("q_proj", "down_proj"), false);
        int factors = 2 * 3 * (8 + 24 + 10 + 8);
        assertThat(plan(Optional.of(adapter), false, 0, 0)).isEqualTo(new MemoryPlan(BASE, factors, factors, 0, 0));
        assertThat(plan(Optional.empty(), true, 2, 0).trained()).isEqualTo(8);
    }

    @Test
    @DisplayName("A frozen layer below all that is trained keeps no activations")
    void frozenLayers() {
        long all = plan(Optional.empty(), true, 0, 500).training();
        long one = plan(Optional.empty(), true, 1, 500).training();
        // Its norms' inputs, outputs and factors, q, k, v, what heads attended to, log-sum-exp, gate and up, and their
        // product.
        int layer = 2 * (8 + 8 + 1) + 48 + 24 + 4 + 20 + 10;
        assertThat(all - one).isEqualTo((long) layer * Growing.capacity(500));
        assertThat(plan(Optional.empty(), true, 2, 500).training()).isEqualTo(one);
        assertThat(plan(Optional.empty(), false, 1, 500).training()).isEqualTo(all);
    }
}
