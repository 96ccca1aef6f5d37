"""Organisations, campuses, departments, practitioners and their posts (机构·科室·医生)."""
