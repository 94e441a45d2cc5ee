// SPDX-License-Identifier: Apache-2.0
/** Training a model: cutting an optimiser batch into slices, and forward, objective, backward and optimiser behind one call. */
package org.sextant.runner.learning;
