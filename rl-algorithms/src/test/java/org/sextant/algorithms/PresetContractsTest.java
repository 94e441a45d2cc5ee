// SPDX-License-Identifier: Apache-2.0
package org.sextant.algorithms;

import org.junit.jupiter.api.Nested;
import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.testkit.AlgorithmContract;

/** Each preset of {@code conf/algorithms} that is not an algorithm's defaults holds to what every algorithm must hold to. */
class PresetContractsTest {
    private abstract static class Preset extends AlgorithmContract {
        private final String name;
        private final String[] more;

        Preset(String name, String... more) {
            this.name = name;
            this.more = more;
        }

        @Override
        protected Algorithm algorithm() {
            return Presets.algorithm(name, more);
        }
    }

    @Nested
    class DrGrpo extends Preset {
        DrGrpo() {
            super("dr-grpo");
        }
    }

    @Nested
    class Dapo extends Preset {
        Dapo() {
            super("dapo");
        }
    }

    /** The contract's policies move far: with the clip as it is, no answer would keep a gradient. */
    @Nested
    class Gspo extends Preset {
        Gspo() {
            super("gspo", "surrogate { clip-low = 0.2, clip-high = 0.2 }");
        }
    }

    /** The weights have no gradient, so that of the loss is by intention not that of its value. */
    @Nested
    class Cispo extends Preset {
        Cispo() {
            super("cispo");
        }

        @Override
        protected boolean stopsGradients() {
            return true;
        }
    }

    @Nested
    class Raft extends Preset {
        Raft() {
            super("raft", "samples-per-prompt = 3");
        }
    }

    @Nested
    class ReinforcePpBaseline extends Preset {
        ReinforcePpBaseline() {
            super("reinforce-pp-baseline");
        }
    }

    @Nested
    class RemaxAuthors extends Preset {
        RemaxAuthors() {
            super("remax-authors", "samples-per-prompt = 2");
        }
    }

    @Nested
    class RlooClip extends Preset {
        RlooClip() {
            super("rloo-clip");
        }
    }
}
