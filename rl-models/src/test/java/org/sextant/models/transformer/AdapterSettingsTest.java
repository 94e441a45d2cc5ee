// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AdapterSettingsTest {
    @Test
    @DisplayName("16 of rank 8 is 2; rank-stabilised it is 16 / √8 = 5.6569")
    void scale() {
        assertThat(new AdapterSettings(8, 16, 0, List.of("q_proj"), false).scale())
                .isEqualTo(2);
        assertThat(new AdapterSettings(8, 16, 0, List.of("q_proj"), true).scale())
                .isCloseTo(5.656854249492381, within(1e-15));
    }
}
