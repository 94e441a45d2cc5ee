// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import java.util.function.Supplier;

/** What has been taken before its owner is made: if making the owner fails, memory running out included, it is given back. */
final class Unowned {
    private Unowned() {}

    /** @param giveBack runs if {@code making} fails */
    static <T> T orGiveBack(Runnable giveBack, Supplier<T> making) {
        try {
            return making.get();
        } catch (RuntimeException | Error e) {
            giveBack.run();
            throw e;
        }
    }
}
