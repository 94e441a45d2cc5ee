// SPDX-License-Identifier: Apache-2.0
/**
 * Where ND4J computes: its CPU backend or its CUDA one, decided in the process, before ND4J is first used and for as long as the process
 * lives. {@link org.sextant.nd4j.backend.Backend} is the way in for all that computes with ND4J.
 */
package org.sextant.nd4j.backend;
