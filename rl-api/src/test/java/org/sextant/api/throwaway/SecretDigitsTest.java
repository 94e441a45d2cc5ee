// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.throwaway;

import org.sextant.api.environment.Task;
import org.sextant.api.testkit.TaskContract;

class SecretDigitsTest extends TaskContract {
    @Override
    protected Task task() {
        return new SecretDigits();
    }
}
