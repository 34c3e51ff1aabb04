import DefaultTheme from 'vitepress/theme-without-fonts'
import 'katex/dist/katex.min.css'

export default DefaultTheme
