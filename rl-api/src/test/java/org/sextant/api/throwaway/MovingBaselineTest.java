// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.algorithm.Algorithm;
import org.sextant.api.testkit.AlgorithmContract;

class MovingBaselineTest extends AlgorithmContract {
    @Override
    protected Algorithm algorithm() {
        return new MovingBaseline(0.3);
    }
}
