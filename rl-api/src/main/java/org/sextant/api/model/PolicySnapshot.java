// SPDX-License-Identifier: Apache-2.0
package org.sextant.api.model;

import org.sextant.api.rollout.Decoder;

/** A policy that text can be sampled from. Its weights do not change while a decoder of it is open. */
public interface PolicySnapshot {
    /** Optimiser steps taken so far. */
    long version();

    /** Longest sequence, prompt and answer together, in tokens. */
    int context();

    /** Opens a decoder. The caller closes it. */
    Decoder decoder();
}
