// SPDX-License-Identifier: Apache-2.0
/**
 * Deeplearning4j networks as policies, references, critics and reward models. {@link org.sextant.nd4j.networks.GraphNetwork} makes a {@link
 * org.sextant.models.network.Network} of a {@code ComputationGraph}; {@link org.sextant.nd4j.networks.LstmProvider} is one from code, {@link
 * org.sextant.nd4j.networks.SavedGraphProvider} one from a saved zip.
 */
package org.sextant.nd4j.networks;
