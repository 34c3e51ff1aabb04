/** How ONNX Runtime is installed: its script fetches files for CUDA, which nothing here needs and a firewall may keep away. */
export const INSTALL_RUNTIME = 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node'
